import { foldText } from './fold-text.ts'

/** How well a text fits what was typed, the higher the better, and which of its letters do. */
export type Match = { score: number; places: readonly { from: number; to: number }[] }

const LETTER = /[\p{L}\p{N}]/u

/**
 * The text begins with it, its words begin with the words, the words stand in it, or their letters do in order: as initials, or with one left
 * out between them here and there. Null is no match.
 */
export function matchText(text: string, typed: string): Match | null {
  const words = foldText(typed)
    .split(/\s+/)
    .filter((word) => word !== '')
  if (words.length === 0) return { score: 0, places: [] }
  const folded = foldText(text)
  let score = 4
  const places: { from: number; to: number }[] = []
  for (const word of words) {
    const found = wordIn(folded, word)
    if (found === null) return null
    score = Math.min(score, found.score)
    places.push(...found.places)
  }
  if (score === 3 && folded.startsWith(words.join(' '))) score = 4
  return { score, places: joined(places) }
}

function wordIn(text: string, word: string): Match | null {
  const begins = next(text, word, 0, true)
  if (begins >= 0) return { score: 3, places: [at(begins, word.length)] }
  const within = text.indexOf(word)
  if (within >= 0) return { score: 2, places: [at(within, word.length)] }
  return word.length < 2 ? null : letters(text, word)
}

/** Each letter begins a word, or stands at most one letter behind the one before it. */
function letters(text: string, word: string): Match | null {
  const places: { from: number; to: number }[] = []
  let from = 0
  for (const [i, letter] of Array.from(word).entries()) {
    const found = next(text, letter, from, i === 0)
    if (found < 0) return null
    places.push(at(found, letter.length))
    from = found + letter.length
  }
  return { score: 1, places }
}

/** Where it begins a word; if it is not the first, it may also stand close behind `from`. */
function next(text: string, what: string, from: number, first: boolean): number {
  for (let found = text.indexOf(what, from); found >= 0; found = text.indexOf(what, found + 1)) {
    const begins = found === 0 || !LETTER.test(text[found - 1]!)
    if (begins || (!first && found - from <= 1)) return found
  }
  return -1
}

const at = (from: number, length: number) => ({ from, to: from + length })

function joined(places: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const out: { from: number; to: number }[] = []
  for (const place of places.toSorted((a, b) => a.from - b.from)) {
    const last = out.at(-1)
    if (last !== undefined && place.from <= last.to) last.to = Math.max(last.to, place.to)
    else out.push({ ...place })
  }
  return out
}
