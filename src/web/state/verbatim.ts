/** A piece of a text as it is, or the name of characters that nobody would see, or that turn what stands around them. */
export type Piece = { text: string; hidden: boolean }

const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- these very characters are looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu

/** All of a text, with what is hidden in it by its name: a person is to see what a machine would do. */
export function verbatim(text: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  for (const { 0: char, index } of text.matchAll(HIDDEN)) {
    // A line that ends as on Windows hides nothing.
    if (char === '\r' && text[index + 1] === '\n') continue
    if (index > at) pieces.push({ text: text.slice(at, index), hidden: false })
    pieces.push({ text: nameOf(char), hidden: true })
    at = index + char.length
  }
  if (at < text.length) pieces.push({ text: text.slice(at), hidden: false })
  return pieces
}

const nameOf = (char: string): string =>
  char === '\u001B' ? 'ESC' : `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

// oxlint-disable-next-line no-control-regex -- these very characters are looked for
const ANSI = /\u001B\[[0-9;?]*[ -/]*[@-~]|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)|\u001B[@-_]|\u009B[0-9;?]*[@-~]/g

/** What a terminal would show of it: without colours, and of a line that is written over only what stands there last. */
export const plainOutput = (text: string): string =>
  text
    .replaceAll(ANSI, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/^.*\r(?!$)/gm, '')
    .replaceAll('\r', '')
