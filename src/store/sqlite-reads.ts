import type { DatabaseSync } from 'node:sqlite'
import type { ChunkRow, FolderRow, MessageRow, NewsRow, Reads, RunRow, SessionRow } from './changes.ts'
import { toPathRow } from './path-row.ts'
import { prepareAll } from './prepare.ts'
import { archiveReads } from './sqlite-archive.ts'
import { askReads } from './sqlite-asks.ts'
import { attachmentReads } from './sqlite-attachments.ts'
import { childReads } from './sqlite-children.ts'
import { keptReads } from './sqlite-kept.ts'
import { mindReads } from './sqlite-mind.ts'
import { sqliteSearch } from './sqlite-search.ts'
import { READS } from './statements.ts'

/** Short reads on the calling thread; none leaves a transaction open, which would keep the WAL from being folded back. */
export function sqliteReads(db: DatabaseSync): Reads {
  const sql = prepareAll(db, READS)
  return {
    ...archiveReads(db),
    ...askReads(db),
    ...attachmentReads(db),
    ...childReads(db),
    ...keptReads(db),
    ...mindReads(db),
    ...sqliteSearch(db),
    session: (owner, id) => (sql.session.get(id, owner) as SessionRow | undefined) ?? null,
    sessions: (owner, which, before, limit) => sql.sessions.all({ owner, ...which, before, limit }) as SessionRow[],
    folders: (owner, limit) => sql.folders.all({ owner, limit }) as FolderRow[],
    message: (owner, session, seq) => (sql.message.get({ owner, session, seq }) as MessageRow | undefined) ?? null,
    path(run, from, limit) {
      const read = (depth: number) => sql.path.all({ run, answer: from === 'answer' ? 1 : 0, depth, limit })
      // Nearly every question has an answer, and what is sorted is read whole.
      const rows = read(Math.ceil(limit / 2) + 1)
      const last = rows.at(-1)
      const whole = rows.length === limit || (last?.['role'] === 'user' && last['after'] === null)
      return (whole ? rows : read(limit)).map((row) => toPathRow(row))
    },
    run: (owner, id) => (sql.run.get(id, owner) as RunRow | undefined) ?? null,
    log(run) {
      const row = sql.log.get(run) as { head: number; ended: number } | undefined
      return row === undefined ? null : { head: row.head, ended: row.ended === 1 }
    },
    chunks(run, after, chars) {
      const rows: ChunkRow[] = []
      let left = chars
      for (const row of sql.chunks.iterate(run, after) as Iterable<ChunkRow>) {
        rows.push(row)
        left -= row.entries.length
        if (left <= 0) break
      }
      return rows
    },
    counts() {
      const { open, queued } = sql.counts.get() as { open: number; queued: number }
      return { active: open - queued, queued }
    },
    newest: () => (sql.newest.get() as { at: number }).at,
    news: (owner, after, limit) =>
      sql.news.all(owner, after, limit).map((row) => ({ ...row, removed: row['removed'] === 1 }) as NewsRow),
  }
}
