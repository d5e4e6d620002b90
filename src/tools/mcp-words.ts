/** What is seen of nothing, turns the direction of writing, or hides words: nothing of it is taken over from others. */
const HIDDEN = /[^\P{Cc}\n\t]|\p{Bidi_Control}|[\u200b\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu

/** Text of a server without what a person could not see; `most` characters of it, and how much more there was. */
export function plain(text: string, most: number): string {
  const cut = text.length > most
  const seen = text.slice(0, most).replaceAll(HIDDEN, '').toWellFormed()
  return cut ? `${seen}… (${text.length - most} more characters are left out)` : seen
}

export const oneLine = (text: string, most: number): string => {
  const line = text
    .slice(0, most * 4)
    .replaceAll(HIDDEN, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toWellFormed()
  return line.length > most ? `${line.slice(0, most).toWellFormed()}…` : line
}

/** What went wrong, in one line. */
export const wrong = (cause: unknown): string =>
  oneLine(cause instanceof Error ? cause.message || cause.name : String(cause), 300)
