import { inFence, joined, newWord, opensAnew } from './seam-join.ts'

/** White space that comes first says nothing for so long; more of it is what the model wants to say. */
const MOST_BLANK = 64

/**
 * Joins a continuation to what stands, where the model was shown what stands and may say some of it again: the word that was cut, the last
 * sentence, everything. `take` gives what is new of the words so far; they are held back only while all that came could still be such a
 * repeat, which is never more than what stands. `end` gives what was held back, once no more will come. What was said again is the longest
 * beginning of the continuation that is also an end of what stands, and no coincidence: see `repeats`.
 */
export function seam(stands: string): { take: (text: string) => string; end: () => string } {
  const code = inFence(stands)
  let held = ''
  let open = false
  const decide = (last: boolean): string => {
    if (!last && undecided(held, code)) return ''
    const ways = beginnings(held, code)
    if (!last && ways.some(({ rest }) => rest !== '' && couldGoOn(stands, rest))) return ''
    open = true
    for (const { lead, rest } of ways) {
      const length = longest(stands, rest, lead)
      if (length > 0) return rest.slice(length)
    }
    return joined(stands, code ? (opensAnew(held)?.rest ?? held) : held, code)
  }
  return {
    take(text) {
      if (open) return text
      held += text
      return decide(false)
    },
    end: () => (open || held === '' ? '' : decide(true)),
  }
}

type Beginning = { lead: string; rest: string }

/** Where a repeat may begin: at once, after white space, or after the fence of a block of code that is open already. */
function beginnings(held: string, code: boolean): Beginning[] {
  const rest = held.trimStart()
  const lead = held.slice(0, held.length - rest.length)
  const anew = code ? opensAnew(held) : null
  return [
    { lead: '', rest: held },
    ...(lead === '' ? [] : [{ lead, rest }]),
    ...(anew === null ? [] : [{ lead: '', rest: anew.rest }]),
  ]
}

/** White space alone, and the beginning of what may become a fence, tell nothing yet. */
function undecided(held: string, code: boolean): boolean {
  if (held.trim() === '') return held.length < MOST_BLANK
  if (/^\s*(?:`{1,2}|~{1,2})$/.test(held)) return true
  return code && (/^\s*(?:`{3,}|~{3,})[^\n]{0,40}$/.test(held) || opensAnew(held)?.rest === '')
}

/** Whether all of `text` could be the beginning of a repeat that more words make whole. */
function couldGoOn(stands: string, text: string): boolean {
  for (let at = stands.indexOf(text); at !== -1; at = stands.indexOf(text, at + 1))
    if (startsWord(stands, at)) return true
  return false
}

/** How much of the beginning of `text` says again what stands; 0 where nothing does, or only by coincidence. */
function longest(stands: string, text: string, lead: string): number {
  for (let length = Math.min(stands.length, text.length); length > 0; length--) {
    const at = stands.length - length
    if (stands[at] === text[0] && text.startsWith(stands.slice(at)) && repeats(stands, text, at, lead)) return length
  }
  return 0
}

/**
 * Whether what stands from `at` on, with which `text` begins after the white space `lead`, is being said again. Words that merely meet are no
 * repeat: a new word that is lost is worse than one that is said twice. It is one
 * - of all that stands; of three words and eight characters; of two words from the beginning of a sentence
 *   or a line, unless `text` begins a line of its own;
 * - from the beginning of a line that is indented or marked (`- `, `1. `), whether a word follows or not;
 * - where two letters would meet without a space between: of two words; of three letters, which are the word that was cut, or of
 *   two, if it begins with a capital; but not of a word as common as `the`, where `text` has another one that begins alike.
 */
function repeats(stands: string, text: string, at: number, lead: string): boolean {
  if (!startsWord(stands, at)) return false
  const again = stands.slice(at)
  const words = (again.match(WORDS) ?? []).length
  if (at === 0 && (words >= 2 || (!/^[^\S\n]/.test(lead) && /\p{L}/u.test(again)))) return true
  if (words >= 3 && again.length >= 8) return true
  const line = at === 0 || stands[at - 1] === '\n'
  const sentence = line || SENTENCE_BEFORE.test(stands.slice(Math.max(0, at - 20), at))
  if (words >= 2 && sentence && !lead.includes('\n')) return true
  if (lead !== '') return false
  if (line && (MARKED.test(again) || (MARK.exec(text)?.[0].length ?? 0) >= again.length)) return true
  if (!LETTER.test(text[0] ?? '') || !LETTER.test(stands.at(-1) ?? '')) return false
  if (words >= 2) return true
  if (!/^\p{L}/u.test(again)) return false
  if (/^\p{Lu}\p{Ll}/u.test(again)) return true
  return again.length >= (newWord(stands, text) ? 4 : 3)
}

const SENTENCE_BEFORE = /[.!?…]["'”’)\]*_]*\s+$|(?:^|\n)[^\S\n]*(?:[-*+>|]|#+|\d+[.)])[^\S\n]+$/
const MARK = /^[^\S\n]*(?:[-*+>|]|#+|\d+[.)])[^\S\n]+|^(?:`{3,}|~{3,})[^\n]*\n?/
/** A line that is indented, as far as it goes; one that begins with a mark, also to its end. */
const MARKED = /^(?:[^\S\n]+(?:\S[^\n]*)?|[^\S\n]*(?:[-*+>|]|#+|\d+[.)])[^\S\n]+(?:\S[^\n]*\n?)?)$/

/** Scripts that are written without spaces: each of their characters counts as a word. */
const LOOSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u
const LETTER = /[\p{L}\p{N}\p{M}_]/u
const WORDS = new RegExp(`${LOOSE.source}|(?:(?!${LOOSE.source})${LETTER.source})+`, 'gu')

function startsWord(text: string, at: number): boolean {
  const [before = '', after = ''] = [text[at - 1], text[at]]
  return !LETTER.test(before) || !LETTER.test(after) || LOOSE.test(before) || LOOSE.test(after)
}
