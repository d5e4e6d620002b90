const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })
export const graphemes = (text: string): string[] =>
  // oxlint-disable-next-line no-control-regex -- plain letters need no segmenter
  /^[\u0020-\u007E]*$/.test(text) ? text.split('') : Array.from(GRAPHEMES.segment(text), ({ segment }) => segment)

// East Asian Width W and F, and what is drawn as an emoji unless it is said otherwise. https://www.unicode.org/reports/tr11/
const WIDE =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\u303E\u3041-\u33FF\u3400-\u4DBF\u4E00-\u9FFF\uA000-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE10-\uFE19\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6]|[\u{17000}-\u{18CFF}\u{1B000}-\u{1B2FF}\u{20000}-\u{3FFFD}])/u
const NONE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}\p{Control}]+$/u

export const isWide = (grapheme: string): boolean => WIDE.test(grapheme) || grapheme.includes('\uFE0F')

const widthOne = (grapheme: string): number => (NONE.test(grapheme) ? 0 : isWide(grapheme) ? 2 : 1)

/** How many columns of a terminal a text takes; it has no line ends, tabs or escape sequences. */
export const widthOf = (text: string): number =>
  graphemes(text).reduce((columns, grapheme) => columns + widthOne(grapheme), 0)

/** As much of a text as fits, and a sign where something was left out. */
export function fitted(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let kept = ''
  let wide = 0
  for (const grapheme of graphemes(text)) {
    wide += widthOne(grapheme)
    if (wide > columns - 1) break
    kept += grapheme
  }
  return columns < 1 ? '' : `${kept}…`
}
