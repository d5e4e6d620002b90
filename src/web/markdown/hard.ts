/** What one block may hold on the screen. The rest is not lost: the copy button gives it. */
export const MOST = 200_000
/** Deeper than this, nobody can read it; and it would take the lexer's stack. */
const DEEP = 48
const INDENT = 160
/** Marks that may open or close something, in one paragraph: each may have to be compared with each other one. */
const MARKS = 2000
const MARKS_IN_CODE = 4000
/** Without a space, a browser weighs each break in a word against all of it. */
const LONG_WORD = /[^\s|]{3000}/

const NESTED = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))+/
const ITEM = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]/
const FENCE = /^ {0,12}(?:`{3,}[^`]*|~{3,}.*)$/
const RULER = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t:-]*)*$/

/** Where a paragraph begins that would take too long to format, and where it ends (its blank line included); null if there is none. */
export function hardPart(text: string): { from: number; to: number } | null {
  if (text.length < DEEP) return null
  let from = 0
  let marks = 0
  let fenced = false
  let table = false
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at)
    const to = end === -1 ? text.length : end + 1
    const line = text.slice(at, end === -1 ? to : end)
    if (FENCE.test(line)) fenced = !fenced
    if (line.trim() === '') {
      from = to
      marks = 0
      table = false
    } else {
      if (ITEM.test(line) || table) marks = 0
      table ||= line.includes('|') && RULER.test(line)
      marks += count(line)
      if (marks > (fenced ? MARKS_IN_CODE : MARKS) || (!fenced && (isDeep(line) || isLongWord(line))))
        return { from, to: endOf(text, to) }
    }
    at = to
  }
  return null
}

function isDeep(line: string): boolean {
  const [nest] = NESTED.exec(line) ?? []
  if (nest === undefined) return false
  return nest.length - nest.trimStart().length > INDENT || (nest.match(/[>*+.)-]/g)?.length ?? 0) > DEEP
}

// A picture that is inside the text is one long word, of which nothing is shown.
const isLongWord = (line: string): boolean =>
  line.length > 3000 && LONG_WORD.test(line) && !line.includes('(data:image/')

const count = (line: string): number => {
  let n = 0
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i)
    // * _ ~ ` [ < ! $ \ @ and the : of an address
    if (c === 42 || c === 95 || c === 126 || c === 96 || c === 91 || c === 60 || c === 36 || c === 92 || c === 64) n++
    else if (c === 58 && line.charCodeAt(i + 1) === 47) n += 2
  }
  return n
}

function endOf(text: string, from: number): number {
  const blank = /\n[ \t]*\n+/g
  blank.lastIndex = Math.max(0, from - 1)
  return blank.exec(text) === null ? text.length : blank.lastIndex
}
