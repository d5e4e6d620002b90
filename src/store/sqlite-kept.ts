import type { DatabaseSync } from 'node:sqlite'
import type { KeptChanges, KeptReads, OutputRow, VersionRow } from './kept-rows.ts'
import { prepareAll } from './prepare.ts'

export function keptChanges(db: DatabaseSync): KeptChanges {
  const sql = prepareAll(db, {
    addOutput: `INSERT INTO outputs (id, run, owner, hash, bytes) VALUES (:id, :run, :owner, :hash, :bytes)
      ON CONFLICT (run, hash) DO UPDATE SET bytes = excluded.bytes RETURNING *`,
    addVersion: `INSERT INTO versions (run, session, owner, call, folder, path, before, after, created)
      VALUES (:run, :session, :owner, :call, :folder, :path, :before, :after, :created) RETURNING seq`,
    undo: 'UPDATE versions SET undone = 1 WHERE seq = ?',
  })
  return {
    keepOutput: (row) => sql.addOutput.get(row) as OutputRow,
    keepVersion: (row) => (sql.addVersion.get(row) as { seq: number }).seq,
    undo: ({ seqs }) => {
      for (const seq of seqs) sql.undo.run(seq)
      return null
    },
  }
}

export function keptReads(db: DatabaseSync): KeptReads {
  const sql = prepareAll(db, {
    output: 'SELECT * FROM outputs WHERE id = ? AND owner = ?',
    versionsOf: `SELECT * FROM versions WHERE owner = :owner AND run = :run AND (:call IS NULL OR call = :call) AND undone = 0
      ORDER BY seq DESC`,
    isKept: `SELECT 1 FROM outputs WHERE hash = :hash UNION ALL SELECT 1 FROM versions WHERE before = :hash
      UNION ALL SELECT 1 FROM versions WHERE after = :hash LIMIT 1`,
  })
  return {
    output: (owner, id) => (sql.output.get(id, owner) as OutputRow | undefined) ?? null,
    versionsOf: (owner, run, call) => sql.versionsOf.all({ owner, run, call }) as VersionRow[],
    isKept: (hash) => sql.isKept.get({ hash }) !== undefined,
  }
}
