import type { DatabaseSync } from 'node:sqlite'
import type { OwnerId, SourceId } from '../wire/id.ts'
import { termsAsked, termsOf } from './terms.ts'

/** A passage as it stands in the index. */
export type Row = {
  id: number
  source: SourceId
  path: string
  page: number
  first: number
  last: number
  trail: string
  digest: string
  text: string
}
export type Reach = { owner: OwnerId; sources: readonly SourceId[] }

/** Of those that fit best so many are looked at closely. */
export const LOOKED_AT = 60
const MOST_TERMS = 12
/** A term that stands in more passages than this share of them says little, and takes long. */
const EVERYWHERE = 0.15
/** How much of what a question says must stand in a passage for it to fit; measured, see docs/decisions/0010-documents.md. */
const FITS = 0.45
/** Of a long question so many words count, whichever they are. */
const TOLD = 6

/** Passages that hold what the question says, best first. */
export function wordSearch(db: DatabaseSync): (question: string, reach: Reach) => Row[] {
  const sql = {
    count: db.prepare('SELECT count(*) AS n FROM passages'),
    held: db.prepare('SELECT doc FROM temp.held WHERE term = ?'),
    find: db.prepare(
      `SELECT p.id, words.rank AS rank FROM words JOIN passages p ON p.id = words.rowid
        WHERE words MATCH :words AND p.owner = :owner AND p.source IN (SELECT value FROM json_each(:sources))
        ORDER BY words.rank, p.id LIMIT ${LOOKED_AT}`,
    ),
  }
  const rowsOf = rowReader(db)

  return (question, { owner, sources }) => {
    const asked = termsAsked(question)
    if (asked.length === 0) return []
    const all = Number(sql.count.get()?.['n'] ?? 0)
    const terms = asked.map((term) => {
      const held = Number(sql.held.get(term)?.['doc'] ?? 0)
      return { term, held, weight: Math.log(1 + (all - held + 0.5) / (held + 0.5)) }
    })
    const told = terms.toSorted((a, b) => b.weight - a.weight || (a.term < b.term ? -1 : 1)).slice(0, MOST_TERMS)
    const there = told.filter(({ held }) => held > 0)
    const rare = there.filter(({ held }) => held <= Math.max(20, all * EVERYWHERE))
    const sought = rare.length > 0 ? rare : there.slice(0, 3)
    if (sought.length === 0) return []
    const words = sought.map(({ term }) => `"${term}"`).join(' OR ')
    const found = sql.find.all({ words, owner, sources: JSON.stringify(sources) }) as { id: number; rank: number }[]
    const ranks = new Map(found.map(({ id, rank }) => [id, -rank]))
    const whole = told.slice(0, TOLD).reduce((sum, { weight }) => sum + weight, 0)
    const scored = rowsOf([...ranks.keys()], { owner, sources }).map((row) => {
      const holds = new Set(termsOf(`${row.path} ${row.trail} ${row.text}`))
      const share = told.reduce((sum, { term, weight }) => sum + (holds.has(term) ? weight : 0), 0) / whole
      return { row, share, score: ranks.get(row.id)! * share }
    })
    return scored
      .filter(({ share }) => share >= FITS)
      .toSorted((a, b) => b.score - a.score || a.row.id - b.row.id)
      .map(({ row }) => row)
  }
}

/** Passages by their ids, in that order; those of others are not among them. */
export function rowReader(db: DatabaseSync): (ids: readonly number[], reach: Reach) => Row[] {
  const one = db.prepare(
    `SELECT p.id, p.source, f.path, p.page, p.first, p.last, p.trail, p.digest,
        CAST(substr(t.text, p.at + 1, p.bytes) AS TEXT) AS text
      FROM passages p JOIN files f ON f.id = p.file JOIN pages t ON t.file = p.file AND t.page = p.page
      WHERE p.id = ? AND p.owner = ?`,
  )
  return (ids, { owner, sources }) =>
    ids.flatMap((id) => {
      const row = one.get(id, owner) as Row | undefined
      return row && sources.includes(row.source) ? [{ ...row }] : []
    })
}
