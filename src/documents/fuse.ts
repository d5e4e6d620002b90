import { fused, type By } from '../fused.ts'
import type { Row } from './search-words.ts'
import { termsOf } from './terms.ts'

export type Found = { row: Row; by: By[] }

/** Two passages that share so many of their words say the same. */
const ALIKE = 0.8
const CLOSE = 40

/** One list of two. The same passages always come in the same order, and what says the same comes once. */
export const fuse = (words: readonly Row[], meaning: readonly Row[], most: number): Found[] =>
  distinct(fused({ words, meaning }, before), most)

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
