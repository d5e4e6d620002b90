import type { Row } from './search-words.ts'
import { termsOf } from './terms.ts'

export type Found = { row: Row; by: ('words' | 'meaning')[] }

const K = 60
/** Two passages that share so many of their words say the same. */
const ALIKE = 0.8
const CLOSE = 40

/**
 * One list of two, by reciprocal rank: each list gives a passage 1 / (60 + its place), so that what both know comes first and no score of
 * one must be compared with a score of the other. Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual
 * Rank Learning Methods" (SIGIR 2009). The same passages always come in the same order, and what says the same comes once.
 */
export function fuse(words: readonly Row[], meaning: readonly Row[], most: number): Found[] {
  const scores = new Map<number, Found & { score: number }>()
  for (const [by, list] of [
    ['words', words],
    ['meaning', meaning],
  ] as const)
    for (const [place, row] of list.entries()) {
      const found = scores.get(row.id) ?? { row, by: [], score: 0 }
      found.by.push(by)
      found.score += 1 / (K + place + 1)
      scores.set(row.id, found)
    }
  const ordered = [...scores.values()].toSorted((a, b) => b.score - a.score || before(a.row, b.row))
  return distinct(ordered, most)
}

function before(a: Row, b: Row): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1
  return a.page - b.page || a.first - b.first || a.id - b.id
}

function distinct(found: readonly Found[], most: number): Found[] {
  const kept: Found[] = []
  const told: { digest: string; terms: Set<string> }[] = []
  for (const { row, by } of found) {
    if (kept.length >= most) break
    if (told.some(({ digest }) => digest === row.digest)) continue
    const terms = new Set(termsOf(row.text))
    if (told.length <= CLOSE && told.some((other) => share(other.terms, terms) >= ALIKE)) continue
    told.push({ digest: row.digest, terms })
    kept.push({ row, by })
  }
  return kept
}

function share(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let both = 0
  for (const term of a) if (b.has(term)) both++
  return both / (a.size + b.size - both || 1)
}
