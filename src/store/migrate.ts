import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'

export const MIGRATIONS = join(import.meta.dirname, 'migrations')

/** The database was written by a newer program than this. */
export class TooNew extends Error {}

/**
 * Brings the schema up to date: each file of `folder` in the order of its number, in a transaction of its own with the number that marks
 * it done, so that a process killed in between starts again where it was.
 */
export function migrate(db: DatabaseSync, folder: string = MIGRATIONS): void {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
  const now = versionOf(db)
  if (now > files.length)
    throw new TooNew(`it has schema ${now}, this PKN knows ${files.length}; start the newer PKN that wrote it`)
  for (const [i, name] of files.entries())
    if (Number(name.slice(0, 4)) !== i + 1) throw new Error(`migration ${name} should have number ${i + 1}`)
  for (const [i, name] of files.entries()) if (i + 1 > now) apply(db, i + 1, readFileSync(join(folder, name), 'utf8'))
}

function apply(db: DatabaseSync, number: number, sql: string): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have been here while this one waited for the lock.
    if (versionOf(db) < number) db.exec(`${sql}\n;PRAGMA user_version = ${number}`)
    db.exec('COMMIT')
  } catch (cause) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw cause
  }
}

export function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
}
