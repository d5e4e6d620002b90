import type { DatabaseSync } from 'node:sqlite'

/** A run that could not be read is made anew, as one that has ended, so that its question and its log are not lost with it. */
export function mendRuns(db: DatabaseSync): number {
  return Number(
    db
      .prepare(
        `INSERT INTO runs (id, owner, session, message, backend, state, reason, created)
         SELECT run, owner, session, id, '', 'ended', 'interrupted', created FROM messages
         WHERE role = 'user' AND run NOT IN (SELECT id FROM runs) GROUP BY run ORDER BY seq`,
      )
      .run().changes,
  )
}

/** A chat that could not be read gets a name, so that what was said in it is not lost with it. */
export function nameChats(db: DatabaseSync, now: number): number {
  const lost = db
    .prepare(
      `SELECT session AS id, min(owner) AS owner, min(created) AS created FROM runs
       WHERE session NOT IN (SELECT id FROM sessions) GROUP BY session ORDER BY created`,
    )
    .all() as { id: string; owner: string; created: number }[] // the columns that were asked for
  const insert = db.prepare(
    'INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES (?, ?, ?, 1, ?, ?, ?)',
  )
  const used = Number(db.prepare('SELECT coalesce(max(used), 0) AS used FROM sessions').get()?.['used'])
  const columns = db.prepare('SELECT name FROM pragma_table_info(?)').all('sessions')
  const tip = columns.some(({ name }) => name === 'tip')
  for (const [i, { id, owner, created }] of lost.entries()) {
    insert.run(id, owner, `Recovered chat ${i + 1}`, created, Math.min(now, created), used + i + 1)
    if (tip)
      db.prepare(
        `UPDATE sessions SET tip = (SELECT run FROM messages WHERE session = ?1 AND role = 'user' ORDER BY seq DESC LIMIT 1) WHERE id = ?1`,
      ).run(id)
  }
  return lost.length
}

/** Rows that refer to what is gone, until there is none. What can do without refers to nothing from then on. */
export function dropOrphans(db: DatabaseSync): number {
  let dropped = 0
  for (;;) {
    const rows = db.prepare('PRAGMA foreign_key_check').all() as {
      table: string
      rowid: number | null
      parent: string
    }[]
    if (rows.length === 0) return dropped
    const before = dropped
    for (const table of new Set(rows.map((row) => row.table))) {
      const keys = db.prepare('SELECT "from", "table", "to", on_delete FROM pragma_foreign_key_list(?)').all(table)
      for (const key of keys) {
        const [column, parent, to] = [key['from'], key['table'], key['to']].map(String)
        const gone = `WHERE "${column}" IS NOT NULL AND "${column}" NOT IN (SELECT "${to}" FROM "${parent}")`
        const without = key['on_delete'] === 'SET NULL'
        const mend = without ? `UPDATE "${table}" SET "${column}" = NULL ${gone}` : `DELETE FROM "${table}" ${gone}`
        dropped += Number(db.prepare(mend).run().changes)
      }
    }
    if (dropped === before) return dropped
  }
}

/** A log has no gaps: what follows one is left out, and its run has ended there. */
export function trimLogs(db: DatabaseSync): number {
  const runs = db.prepare('SELECT id, head FROM runs').all() as { id: string; head: number }[] // the columns that were asked for
  const chunks = db.prepare('SELECT first, last FROM chunks WHERE run = ? ORDER BY last')
  let cut = 0
  for (const { id, head } of runs) {
    let at = 0
    for (const { first, last } of chunks.all(id) as { first: number; last: number }[]) {
      if (first !== at + 1) break
      at = last
    }
    if (at === head) continue
    db.prepare('DELETE FROM chunks WHERE run = ? AND last > ?').run(id, at)
    db.prepare(
      "UPDATE runs SET head = ?, state = 'ended', reason = coalesce(reason, 'interrupted'), worker = NULL, lease = 0 WHERE id = ?",
    ).run(at, id)
    if (at < head) cut += 1
  }
  return cut
}

/** The feed's numbers never come again. Databases of older schemas have none. */
export function mendFeed(db: DatabaseSync): void {
  if (db.prepare("SELECT 1 FROM pragma_table_list WHERE name = 'feed'").get() === undefined) return
  db.exec(
    'INSERT OR IGNORE INTO feed VALUES (1, 0); UPDATE feed SET at = max(at, (SELECT coalesce(max(changed), 0) FROM sessions))',
  )
}
