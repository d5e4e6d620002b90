// What a model, a file or a name says is shown on a terminal, and must not steer it: https://www.xfree86.org/current/ctlseqs.html
type State = 'plain' | 'escape' | 'between' | 'sequence' | 'string'

// Controls, and what turns or hides the text around it. ZWJ, ZWNJ and variation selectors belong to scripts and emoji.
const UNSEEN =
  // oxlint-disable-next-line no-control-regex -- these very characters are looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu

/**
 * Takes a text in any pieces and gives what of it is words: no escape sequence, whole or cut, no control character but line ends and tabs,
 * and nothing that turns or hides the text around it. A sequence that never ends takes nothing with it but its own line.
 */
export function cleaner(): (piece: string) => string {
  let state: State = 'plain'
  let half = ''
  return (piece) => {
    let text = half + piece
    // Half a character waits for its other half.
    half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : ''
    if (half !== '') text = text.slice(0, -1)
    let words = ''
    for (const char of text) {
      if (state === 'plain') {
        state = opens(char)
        if (state === 'plain') words += char
        continue
      }
      // A line ends whatever was begun on it.
      if (char === '\n') words += char
      state = char === '\n' ? 'plain' : after(state, char)
    }
    return words
      .replaceAll(/[\u2028\u2029]/g, '\n')
      .replaceAll(UNSEEN, '')
      .toWellFormed()
  }
}

function opens(char: string): State {
  switch (char) {
    case '\u001B':
      return 'escape'
    case '\u009B':
      return 'sequence'
    case '\u0090':
    case '\u0098':
    case '\u009D':
    case '\u009E':
    case '\u009F':
      return 'string'
    default:
      return 'plain'
  }
}

function after(state: Exclude<State, 'plain'>, char: string): State {
  if (char === '\u001B') return 'escape'
  if (char === '\u0018' || char === '\u001A') return 'plain'
  switch (state) {
    case 'escape':
      if (char === '[') return 'sequence'
      if ('PX]^_'.includes(char)) return 'string'
      return char >= ' ' && char <= '/' ? 'between' : 'plain'
    case 'between':
      return char >= ' ' && char <= '/' ? 'between' : 'plain'
    case 'sequence':
      return char >= '@' && char <= '~' ? 'plain' : 'sequence'
    case 'string':
      return char === '\u0007' || char === '\u009C' ? 'plain' : 'string'
  }
}

export const clean = (text: string): string => cleaner()(text)
/** The same in one line: a name, a title, a task. */
export const cleanLine = (text: string): string => clean(text).replaceAll(/\s+/g, ' ').trim()

// What `clean` drops is named here, and so is what joins: a person is to see exactly what a machine would do.
const NAMED =
  // oxlint-disable-next-line no-control-regex -- these very characters are looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]|[\uD800-\uDFFF]/gu

/** All of a text, with what is hidden in it by its name, as in ‹U+202E›. */
export const verbatim = (text: string): string =>
  text
    .replaceAll('\r\n', '\n')
    .replaceAll(NAMED, (char) =>
      char === '\u001B' ? '‹ESC›' : `‹U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}›`,
    )

/** JSON that a terminal shows as it is: what JSON itself lets through is written by its number. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replaceAll(
    /[\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
