import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { migrate, MIGRATIONS } from './migrate.ts'
import { sqliteSearch } from './sqlite-search.ts'

/** A database as it was before there was a search. */
function old(folder: string): DatabaseSync {
  const before = readdirSync(MIGRATIONS).filter((name) => name < '0004')
  for (const name of before) cpSync(join(MIGRATIONS, name), join(folder, name))
  const db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  migrate(db, folder)
  return db
}

function say(db: DatabaseSync, n: number, text: string): void {
  db.prepare(
    `INSERT INTO runs (id, owner, session, message, backend, state, reason, created) VALUES (?, 'me', 's', ?, 'local', 'ended', 'done', 0)`,
  ).run(`r${n}`, `m${n}`)
  db.prepare(
    `INSERT INTO messages (id, owner, session, run, role, text, created) VALUES (?, 'me', 's', ?, 'user', ?, 0)`,
  ).run(`m${n}`, `r${n}`, text)
}

test('what was said before there was a search is found, and gone with its session', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pkn-migrations-'))
  try {
    const db = old(folder)
    db.exec(
      `INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES ('s', 'me', 'Bread', 0, 0, 0, 1)`,
    )
    for (let i = 0; i < 50; i++) say(db, i, i === 7 ? 'a needle' : `straw ${i}`)
    migrate(db)
    const search = sqliteSearch(db)
    assert.deepEqual(
      search.foundMessages('me', ['needle'], 5, 0).map(({ message }) => message),
      ['m7'],
    )
    assert.equal(search.foundTitles('me', ['brea'], 5, 0).length, 1)
    say(db, 50, 'another needle')
    assert.equal(search.foundMessages('me', ['needl'], 5, 0).length, 2)
    assert.deepEqual(search.foundMessages('you', ['needle'], 5, 0), [])
    db.exec(`UPDATE sessions SET title = 'Cake'`)
    assert.deepEqual([search.countTitles('me', ['bread']), search.countTitles('me', ['cake'])], [0, 1])
    db.exec('DELETE FROM sessions')
    assert.deepEqual(search.foundMessages('me', ['needle'], 5, 0), [])
    const words = (table: string) =>
      db.prepare(`SELECT count(*) AS n FROM ${table} WHERE ${table} MATCH 'needle OR cake'`)
    for (const table of ['message_words', 'title_words']) assert.equal(words(table).get()?.['n'], 0)
    db.close()
  } finally {
    rmSync(folder, { recursive: true })
  }
})
