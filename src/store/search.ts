import type { PageOf, Store } from '../core/ports.ts'
import type { OwnerId } from '../wire/id.ts'
import { Hit } from '../wire/search.ts'
import { offsetFrom } from './cursor.ts'
import { around, asked } from './words.ts'

/** `text` is the whole of what was found; null for a message is a title. */
export type FoundRow = {
  session: string
  title: string
  message: string | null
  run: string | null
  role: string | null
  text: string
  created: number
}
/** Best first, the newest among equals; only what is not removed. All of `words` must be there, as the beginnings of words. */
export type SearchReads = {
  foundTitles(owner: string, words: readonly string[], limit: number, offset: number): FoundRow[]
  foundMessages(owner: string, words: readonly string[], limit: number, offset: number): FoundRow[]
  countTitles(owner: string, words: readonly string[]): number
}

/** Store.search. A cursor counts what was shown: what is best has no other place. */
export function searchPage(reads: SearchReads, owner: OwnerId, page: Parameters<Store['search']>[1]): PageOf<Hit> {
  const words = asked(page.q)
  if (words.length === 0) return { rows: [], next: null }
  const offset = offsetFrom(page.before)
  const titles = reads.foundTitles(owner, words, page.limit + 1, offset)
  const left = page.limit + 1 - titles.length
  const past = titles.length > 0 || offset === 0 ? 0 : offset - reads.countTitles(owner, words)
  const rows = left > 0 ? [...titles, ...reads.foundMessages(owner, words, left, past)] : titles
  return {
    rows: rows.slice(0, page.limit).map((row) => toHit(row, words)),
    next: rows.length > page.limit ? String(offset + page.limit) : null,
  }
}

const toHit = ({ text, created, ...row }: FoundRow, words: readonly string[]): Hit =>
  Hit.parse({ ...row, created: new Date(created).toISOString(), parts: around(text, words) })
