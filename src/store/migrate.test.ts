import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { migrate, TooNew, versionOf } from './migrate.ts'

let folder: string
let db: DatabaseSync
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pkn-migrate-'))
  db = new DatabaseSync(join(folder, 'test.db'))
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

const write = (name: string, sql: string) => writeFileSync(join(folder, name), sql)
const tables = () =>
  db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map((row) => row['name'])

test('migrations run in the order of their numbers, each once', () => {
  write('0001-one.sql', 'CREATE TABLE one (a)')
  migrate(db, folder)
  write('0002-two.sql', 'INSERT INTO one VALUES (1); CREATE TABLE two (b)')
  write('notes.txt', 'no sql')
  migrate(db, folder)
  migrate(db, folder)
  assert.deepEqual(tables(), ['one', 'two'])
  assert.equal(versionOf(db), 2)
  assert.equal(db.prepare('SELECT count(*) AS n FROM one').get()?.['n'], 1)
})

test('one that fails half-way leaves the schema before it, and can be run again', () => {
  write('0001-one.sql', 'CREATE TABLE one (a)')
  write('0002-two.sql', 'CREATE TABLE two (b); CREATE TABLE one (again); -- comment at the end')
  assert.throws(() => migrate(db, folder), /one already exists/)
  assert.deepEqual(tables(), ['one'])
  assert.equal(versionOf(db), 1)
  write('0002-two.sql', 'CREATE TABLE two (b); -- comment at the end')
  migrate(db, folder)
  assert.deepEqual(tables(), ['one', 'two'])
  assert.equal(versionOf(db), 2)
})

test('a database that a newer program wrote is refused and left as it is', () => {
  db.exec('PRAGMA user_version = 7')
  write('0001-one.sql', 'CREATE TABLE one (a)')
  assert.throws(() => migrate(db, folder), TooNew)
  assert.deepEqual(tables(), [])
})

test('a missing number is found before anything is done', () => {
  write('0001-one.sql', 'CREATE TABLE one (a)')
  write('0003-three.sql', 'CREATE TABLE three (c)')
  assert.throws(() => migrate(db, folder), /0003-three.sql should have number 2/)
  assert.deepEqual(tables(), [])
})
