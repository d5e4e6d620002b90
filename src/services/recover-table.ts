import type { DatabaseSync, SQLInputValue } from 'node:sqlite'

export type Copied = { copied: number; lost: number }
type Row = Record<string, SQLInputValue>

/** Copies the rows of a table that can be read and are valid; the new one has the same columns. */
export function copyTable(old: DatabaseSync, db: DatabaseSync, table: string): Copied {
  const columns = db.prepare('SELECT name, pk FROM pragma_table_info(?)').all(table) as { name: string; pk: number }[]
  const names = columns.map(({ name }) => `"${name}"`).join(', ')
  const marks = columns.map(() => '?').join(', ')
  db.exec(`DELETE FROM "${table}"`) // what the schema begins with
  const insert = db.prepare(`INSERT INTO "${table}" (${names}) VALUES (${marks})`)
  const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk)
  const seen = new Set<string>()
  let lost = 0
  const take = (row: Row): void => {
    const id = key.map(({ name }) => `${typeof row[name]}:${String(row[name] as string | number)}`).join('\n')
    if (seen.has(id)) return
    seen.add(id)
    try {
      for (const json of ['entries', 'fault']) if (typeof row[json] === 'string') JSON.parse(row[json])
      insert.run(...columns.map(({ name }) => row[name] ?? null))
    } catch {
      lost += 1 // it was read, but is not what may stand there
    }
  }
  const read = (where: string, values: SQLInputValue[], rest = ''): boolean => {
    try {
      const rows = old.prepare(`SELECT ${names} FROM "${table}" WHERE ${where} ${rest}`).iterate(...values)
      for (const row of rows) take(row)
      return true
    } catch {
      return false // damaged from here on
    }
  }
  const by = (way: 'ASC' | 'DESC') => `ORDER BY ${key.map(({ name }) => `"${name}" ${way}`).join(', ')}`
  // From both ends up to the damage, then what lies between, by the keys that are known from elsewhere.
  if (!read('true', [], by('ASC'))) {
    read('true', [], by('DESC'))
    const first = key[0]?.name ?? 'rowid'
    const known = keysOf(old, db, table, first)
    const bad = known.filter(
      (value) => !read(`"${first}" = ?`, [value], by('ASC')) && !read(`"${first}" = ?`, [value], by('DESC')),
    )
    lost += bad.length
  }
  return { copied: Number(db.prepare(`SELECT count(*) AS n FROM "${table}"`).get()?.['n']), lost }
}

/** Keys of rows that may lie in the damaged part: as the indices know them, and what refers to them. */
function keysOf(old: DatabaseSync, db: DatabaseSync, table: string, key: string): SQLInputValue[] {
  const found = new Set<SQLInputValue>()
  const look = (from: DatabaseSync, sql: string): void => {
    for (const way of ['ASC', 'DESC'])
      try {
        for (const row of from.prepare(`${sql} ORDER BY 1 ${way}`).iterate()) found.add(row['key'] as SQLInputValue)
        return
      } catch {
        // damaged as well: the other end may tell more
      }
  }
  const indices = db.prepare('SELECT name, partial FROM pragma_index_list(?)').all(table)
  for (const { name, partial } of indices)
    if (partial === 0) look(old, `SELECT "${key}" AS key FROM "${table}" INDEXED BY "${String(name)}"`)
  const kin = db.prepare(
    `SELECT t.name AS "table", f."from" AS "column", f."table" AS parent, f."to" AS "to"
     FROM pragma_table_list t, pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND t.type = 'table'`,
  )
  for (const { table: child, column, parent, to } of kin.all() as Record<string, string>[]) {
    if (parent === table && to === key) look(db, `SELECT DISTINCT "${column}" AS key FROM "${child}"`)
    if (child === table && column === key) look(db, `SELECT "${to}" AS key FROM "${parent}"`)
  }
  return [...found].filter((value) => value !== null)
}
