import type { DatabaseSync } from 'node:sqlite'
import type { IndexWriter } from './index-writer.ts'
import { SMALL_TALK } from './small-talk.ts'
import { narrowed } from '../narrowed.ts'

type Ask = (texts: readonly string[], what: 'question' | 'passage') => Promise<readonly Float32Array[] | null>

const AT_ONCE = 8
/** A vector takes a byte for each of its numbers in the memory of whoever searches. */
const MOST = 200_000
const LONGEST = 2000

/** Has the model measure what it has not measured yet, oldest first. Resolves with whether it came to the end. */
export async function measure(
  db: DatabaseSync,
  writer: IndexWriter,
  model: string,
  ask: Ask,
  wrote: () => void,
): Promise<boolean> {
  const sql = {
    next: db.prepare(
      `SELECT p.id, p.source, p.trail, CAST(substr(t.text, p.at + 1, p.bytes) AS TEXT) AS text
        FROM passages p JOIN pages t ON t.file = p.file AND t.page = p.page LEFT JOIN vectors v ON v.passage = p.id
        WHERE p.id > ? AND v.passage IS NULL ORDER BY p.id LIMIT ${AT_ONCE}`,
    ),
    add: db.prepare('INSERT OR REPLACE INTO vectors (passage, source, scale, v) VALUES (?, ?, ?, ?)'),
    count: db.prepare('SELECT count(*) AS n FROM vectors'),
  }
  const forget = (width: number) => {
    db.exec('DELETE FROM vectors')
    writer.setMeta('model', model)
    writer.setMeta('width', String(width))
    wrote()
  }
  const talk = await ask(SMALL_TALK, 'question')
  const width = talk?.[0]?.length
  if (!talk || width === undefined) return false
  // Measures of two models say nothing of each other.
  if (writer.meta('model') !== model || writer.meta('width') !== String(width)) forget(width)
  writer.setMeta('talk', JSON.stringify(talk.map((vector) => [...vector])))
  wrote()
  let count = Number(sql.count.get()?.['n'] ?? 0)
  for (let after = 0; count < MOST;) {
    const rows = sql.next.all(after) as { id: number; source: string; trail: string; text: string }[]
    if (rows.length === 0) return true
    const texts = rows.map(({ trail, text }) => `${trail === '' ? '' : `${trail}\n`}${text}`.slice(0, LONGEST))
    const vectors = await ask(texts, 'passage')
    if (vectors === null) return false
    if (vectors.some((vector) => vector.length !== width)) {
      forget(0)
      return false
    }
    for (const [i, { id, source }] of rows.entries()) {
      const { scale, bytes } = narrowed(vectors[i]!)
      sql.add.run(id, source, scale, bytes)
    }
    count += rows.length
    after = rows.at(-1)!.id
    wrote()
  }
  return true
}
