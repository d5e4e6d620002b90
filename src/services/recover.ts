import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { dropOrphans, mendFeed, mendRuns, nameChats, trimLogs } from './recover-mend.ts'
import { copyTable, type Copied } from './recover-table.ts'

const MIGRATIONS = join(import.meta.dirname, '../store/migrations')
/** Written by triggers, from what is copied. */
const DERIVED = new Set(['titles'])

export type Recovered = {
  /** Where the damaged file is kept. */
  kept: string
  /** Rows of each table that are in the new file, and those that are known to be lost. */
  tables: (Copied & { table: string })[]
  /** Chats whose name could not be read, and what refers to something that is gone and was left out. */
  renamed: number
  orphans: number
  /** Answers that end where their log was damaged. */
  cut: number
}

/**
 * Makes a new database of what can be read of a damaged one and puts it in its place. The damaged one is kept beside it, under another
 * name, and until the new one is whole it stays where it was. Nobody else may have it open.
 */
export function recoverDatabase(path: string, now = new Date()): Recovered | { why: string } {
  const fresh = `${path}.recovered`
  for (const end of ['', '-wal', '-shm', '-journal']) rmSync(fresh + end, { force: true }) // of an attempt that was cut off
  const old = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
  const db = new DatabaseSync(fresh, { enableForeignKeyConstraints: false })
  const found: Omit<Recovered, 'kept'> = { tables: [], renamed: 0, orphans: 0, cut: 0 }
  try {
    const files = readdirSync(MIGRATIONS)
      .filter((name) => /^\d{4}-.*\.sql$/.test(name))
      .toSorted()
    const version = versionOf(old) ?? files.length
    if (version > files.length) return { why: `it has schema ${version}, and this PKN knows ${files.length}` }
    for (const name of files.slice(0, version)) db.exec(readFileSync(join(MIGRATIONS, name), 'utf8'))
    db.exec(`PRAGMA user_version = ${version}; BEGIN`)
    for (const { name } of tablesOf(db)) found.tables.push({ table: name, ...copyTable(old, db, name) })
    mendRuns(db)
    found.renamed = nameChats(db, now.getTime())
    found.orphans = dropOrphans(db)
    found.cut = trimLogs(db)
    mendFeed(db)
    db.exec('COMMIT')
  } finally {
    old.close()
    db.close()
  }
  const kept = `${path}.damaged-${now.toISOString().replaceAll(/[:.]/g, '-')}`
  for (const end of ['-wal', '-shm', '-journal', '']) if (existsSync(path + end)) renameSync(path + end, kept + end)
  renameSync(fresh, path)
  return { kept, ...found }
}

function versionOf(db: DatabaseSync): number | null {
  try {
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    return version > 0 ? version : null
  } catch {
    return null
  }
}

function tablesOf(db: DatabaseSync): { name: string }[] {
  const rows = db.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'").all()
  return (rows as { name: string }[]) // the column that was asked for
    .filter(({ name }) => !name.startsWith('sqlite_') && !DERIVED.has(name))
    .toSorted((a, b) => order(a.name) - order(b.name))
}

/** What others refer to, or whose keys help to find theirs, goes first. */
const ORDER = ['runs', 'messages', 'sessions']
const order = (table: string): number => (ORDER.includes(table) ? ORDER.indexOf(table) : ORDER.length)
