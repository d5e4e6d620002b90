import type { DatabaseSync, StatementSync } from 'node:sqlite'

type Prepared<T> = { [K in keyof T]: StatementSync }

export function prepareAll<T extends Record<string, string>>(db: DatabaseSync, texts: T): Prepared<T> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, db.prepare(text)])) as Prepared<T>
}
