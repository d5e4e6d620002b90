// oxlint-disable-next-line no-control-regex -- these very characters are looked for
const HIDDEN = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g

/** Code in which what cannot be seen, and may turn its meaning around, is spelt out. */
export function revealed(code: string): string {
  return code.replaceAll(HIDDEN, (char) => `⟨U+${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`)
}

const TURNED = /[\u0590-\u08FF\u200E\u200F\u202A-\u202E\u2066-\u2069\uFB1D-\uFEFC]/

/** Whether some of the text runs from right to left, or is made to. */
export const isTurned = (text: string): boolean => TURNED.test(text)

/** Whether its first letter does. */
export const startsTurned = (text: string): boolean =>
  TURNED.test(text) && /^[^\p{L}]*[\u0590-\u08FF\uFB1D-\uFEFC]/u.test(text)

/** A browser lays a line out as a whole, however long. */
const LINE = 8000

/** Each line up to a length that can be looked at. */
export function withShortLines(code: string): string {
  if (code.length <= LINE) return code
  return code.replaceAll(
    LONG_LINE,
    (line) => `${line.slice(0, LINE)} … and ${line.length - LINE} characters more in this line`,
  )
}
const LONG_LINE = new RegExp(`[^\\n]{${LINE + 1},}`, 'g')
