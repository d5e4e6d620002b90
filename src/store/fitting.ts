import { isStop, isWeak } from './common-words.ts'
import { kinOf } from './kin-words.ts'
import type { MemoryRow } from './mind-rows.ts'
import { folded, spellings, stemOf } from './stems.ts'

/** More words than this say no more of what a text is about. */
const MOST_WORDS = 48
/** Words of German are put together from others: so many letters the part and the rest have at least. */
const PART = 5
const REST = 4
/** How well a word of a text is met: by itself, by one that is put together with it, by one of nearly the same meaning. */
const MET = { same: 1, joined: 0.8, kin: 0.65 } as const
/** How much a word counts that says little alone. */
const WEAK = 0.35
/** How rare what is met must be, as a share of the rarest, and how near to the best. */
const FLOOR = 0.45
const NEAR = 0.4
/** Rareness among a few facts says little: there are as many more in which none of the words stands. */
const ELSEWHERE = 40

type Word = { text: string; stem: string; weak: boolean; kin: ReadonlySet<string> }
/** Of such a word the rest matters. */
const FAVOURITE = /^lieblings(?=.{3})/i
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu

/** The words that matter, each once. */
function wordsIn(text: string, most: number, typed = false): Word[] {
  const words = new Map<string, Word>()
  for (const [written] of text.matchAll(WORD)) {
    const found = written.replace(FAVOURITE, '')
    const bare = folded(found)
    if (isStop(bare) || (bare.length === 1 && bare < '\u2e80')) continue
    const stem = stemOf(found)
    if (!words.has(stem)) words.set(stem, { text: found, stem, weak: !typed && isWeak(bare), kin: kinOf(stem) })
    if (words.size === most) break
  }
  return [...words.values()]
}

/**
 * With what a word of a memory may begin for it to be looked at: none if no word of the text matters. What is `typed` is looked for as it is:
 * its words matter more, and the last may be a beginning.
 */
export function beginningsOf(text: string, typed = false): string[] {
  const words = wordsIn(text, MOST_WORDS, typed)
  if (words.every(({ weak }) => weak)) return []
  return [
    ...new Set(
      words.flatMap(({ text, stem, weak, kin }) => {
        if (weak) return []
        const ends = Array.from({ length: Math.max(0, stem.length - REST - PART + 1) }, (_, i) => stem.slice(REST + i))
        return [...spellings(text, stem), ...kin, ...ends].flatMap(asWritten)
      }),
    ),
  ]
}
/** A stem may end in a way in which the word as it is written does not. */
function asWritten(stem: string): string[] {
  if (stem.length > 3 && stem.endsWith('y')) return [stem.slice(0, -1)]
  return stem.length > 3 && stem.endsWith('s') ? [stem, `${stem.slice(0, -1)}ß`] : [stem]
}

function met({ stem, kin }: Word, said: ReadonlySet<string>): number {
  if (said.has(stem)) return MET.same
  for (const other of said) if (isJoined(stem, other) || isJoined(other, stem)) return MET.joined
  for (const other of kin) if (said.has(other)) return MET.kin
  return 0
}
const beginning = ({ stem }: Word, said: ReadonlySet<string>): number =>
  [...said].some((other) => other.startsWith(stem)) ? MET.joined : 0
/** Whether the longer word begins or ends with the shorter one. */
const isJoined = (long: string, short: string): boolean =>
  short.length >= PART - 1 &&
  long.length - short.length >= REST - 1 &&
  (long.startsWith(short) || (short.length >= PART - 1 && long.endsWith(short)))

/** What was told is told again: the stems of the facts that were looked at last. */
const STEMS = new Map<string, ReadonlySet<string>>()
const KEPT = 1000
function stemsOf(fact: string): ReadonlySet<string> {
  const known = STEMS.get(fact)
  if (known !== undefined) return known
  if (STEMS.size >= KEPT) STEMS.clear()
  const stems = new Set(wordsIn(fact, Number.POSITIVE_INFINITY).map(({ stem }) => stem))
  STEMS.set(fact, stems)
  return stems
}

/** Those of them that fit a text, best first, the newest among equals. `all` is how many facts there are. */
export function fitting(text: string, rows: readonly MemoryRow[], all: number, typed = false): MemoryRow[] {
  const words = wordsIn(text, MOST_WORDS, typed)
  const begun = typed ? words.at(-1) : undefined
  const looked = rows.map((row) => {
    const said = stemsOf(row.text)
    return {
      row,
      length: said.size,
      mets: words.map((word) => met(word, said) || (word === begun ? beginning(word, said) : 0)),
    }
  })
  const many = all + ELSEWHERE
  const rarest = Math.log(1 + many)
  const counts = words.map((word, i) => {
    const holding = looked.filter(({ mets }) => mets[i]! > 0).length
    return (Math.log(1 + (many - holding + 0.5) / (holding + 0.5)) / rarest) * (word.weak ? WEAK : 1)
  })
  const scored = looked.map(({ row, length, mets }) => {
    const strong = mets.some((one, i) => one > 0 && !words[i]!.weak)
    const sum = mets.reduce((sum, one, i) => sum + one * counts[i]!, 0)
    return { row, score: strong ? sum / (0.8 + 0.2 * Math.min(3, length / 8)) : 0 }
  })
  const best = Math.max(0, ...scored.map(({ score }) => score))
  return scored
    .filter(({ score }) => (typed ? score > 0 : score >= Math.max(FLOOR, best * NEAR)))
    .sort((a, b) => b.score - a.score || b.row.seq - a.row.seq)
    .map(({ row }) => row)
}
