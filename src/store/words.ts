// What a word is, for the search: as SQLite's unicode61 without diacritics has it, so that what was found can be shown as found.

const WORD = /[\p{L}\p{N}\p{Co}][\p{L}\p{N}\p{M}\p{Co}]*/gu
/** More words than this say no more of what is looked for. */
const MOST_WORDS = 16
/** Nearly every message holds a word that begins with a letter: many of them find nothing more, and take long. */
const MOST_LETTERS = 2
const isLetter = (word: string): boolean => word.length === 1 && word < '\u2e80'

export const plain = (word: string): string => word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** The words of a text, or of a question, which has no other syntax. */
export const wordsOf = (text: string): string[] => Array.from(text.matchAll(WORD), ([word]) => plain(word))

/** Each once. A word that another one begins with is found with it. */
export function asked(question: string): string[] {
  const words = [...new Set(wordsOf(question.slice(0, 1000)))]
  let letters = 0
  return words
    .filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
    .filter((word) => !isLetter(word) || ++letters <= MOST_LETTERS)
    .slice(0, MOST_WORDS)
}

export type Part = { text: string; hit: boolean }
type Place = { from: number; to: number; word: number }

const WIDTH = 160
const BEFORE = 40
/** Places that are looked at; a word may stand in a long text a million times. */
const MOST_PLACES = 400

/** About 160 characters of a text, where the most different of the words stand together, with the words marked. */
export function around(text: string, words: readonly string[]): Part[] {
  const places = placesOf(text, words)
  const best = densest(places)
  if (best === null) return clean([{ text: text.slice(0, WIDTH), hit: false }], false, text.length > WIDTH)
  const from = edge(text, Math.max(0, best - BEFORE), best)
  const to = Math.min(text.length, from + WIDTH)
  const parts: Part[] = []
  let at = from
  for (const place of places) {
    if (place.from < at || place.from >= to) continue
    parts.push({ text: text.slice(at, place.from), hit: false }, { text: text.slice(place.from, place.to), hit: true })
    at = place.to
  }
  if (at < to) parts.push({ text: text.slice(at, whole(text, to)), hit: false })
  return clean(parts, from > 0, Math.max(at, to) < text.length)
}

function placesOf(text: string, words: readonly string[]): Place[] {
  const places: Place[] = []
  for (const { 0: found, index } of text.matchAll(WORD)) {
    const is = plain(found)
    const word = words.findIndex((one) => is.startsWith(one))
    if (word === -1) continue
    places.push({ from: index, to: index + found.length, word })
    if (places.length === MOST_PLACES) break
  }
  return places
}

/** Where the passage begins that holds the most different words. */
function densest(places: readonly Place[]): number | null {
  let best: { at: number; count: number } | null = null
  for (const [i, { from }] of places.entries()) {
    const seen = new Set<number>()
    for (let j = i; j < places.length && places[j]!.to <= from + WIDTH - BEFORE; j++) seen.add(places[j]!.word)
    if (best === null || seen.size > best.count) best = { at: from, count: seen.size }
  }
  return best?.at ?? null
}

/** A place between words, if there is one before `limit`. */
function edge(text: string, from: number, limit: number): number {
  if (from === 0) return 0
  const space = text.slice(from, limit).search(/\s/)
  return space === -1 ? whole(text, from) : from + space + 1
}

/** Not within a character of two units. */
const whole = (text: string, at: number): number =>
  at < text.length && /[\udc00-\udfff]/.test(text[at]!) ? at + 1 : at

function clean(parts: readonly Part[], before: boolean, after: boolean): Part[] {
  const kept = parts
    .map(({ text, hit }) => ({ text: text.replaceAll(/[\s\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' '), hit }))
    .filter(({ text }) => text !== '')
  if (before) kept.unshift({ text: '… ', hit: false })
  if (after) kept.push({ text: ' …', hit: false })
  return joined(kept)
}

function joined(parts: readonly Part[]): Part[] {
  const out: Part[] = []
  for (const part of parts) {
    const last = out.at(-1)
    if (last && !last.hit && !part.hit) last.text += part.text
    else out.push({ ...part })
  }
  return out
}
