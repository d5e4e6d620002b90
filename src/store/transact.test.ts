import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { Fault } from '../wire/fault.ts'
import type { Changes } from './changes.ts'
import { migrate } from './migrate.ts'
import { sqliteChanges } from './sqlite-changes.ts'
import { faultOf } from './sqlite-faults.ts'
import type { Change, Outcome } from './sqlite-protocol.ts'
import { transactor } from './transact.ts'

let db: DatabaseSync
let changes: Changes
let transact: (changes: readonly Change[]) => Outcome[]

beforeEach(() => {
  db = new DatabaseSync(':memory:', { enableForeignKeyConstraints: true })
  migrate(db)
  changes = sqliteChanges(db, () => true)
  transact = transactor(db, changes)
})
afterEach(() => db.close())

const create = (id: string, title = ''): Change => [
  'createSession',
  { id, owner: 'o', title, named: 0, project: null, now: 1 },
]
const sessions = () =>
  db
    .prepare('SELECT id FROM sessions ORDER BY used')
    .all()
    .map((row) => row['id'])
const codes = (outcomes: Outcome[]) =>
  outcomes.map((o) => ('ok' in o ? 'ok' : 'refused' in o ? o.refused : 'failed' in o ? o.failed.errcode & 255 : 'bug'))

test('a change that is refused takes nothing from the others in its transaction', () => {
  const rename: Change = ['changeSession', { owner: 'o', id: 'missing', change: { title: 'x' } }]
  assert.deepEqual(codes(transact([create('a'), rename, create('b')])), ['ok', 'session.missing', 'ok'])
  assert.deepEqual(sessions(), ['a', 'b'])
})

test('a change that fails half-way is undone alone', () => {
  changes.undo = () => {
    db.exec(
      "INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES ('half', 'o', '', 0, 1, 1, 99)",
    )
    throw new TypeError('a bug')
  }
  const bad: Change = ['undo', { seqs: [] }]
  assert.deepEqual(codes(transact([create('a'), bad, create('a'), create('b')])), ['ok', 'bug', 19, 'ok'])
  assert.deepEqual(sessions(), ['a', 'b'])
})

test('when the commit fails every change has failed, nothing is written, and the next transaction works', () => {
  changes.undo = () => {
    // A violation that SQLite finds only at the commit.
    db.exec("PRAGMA defer_foreign_keys = ON; INSERT INTO outputs VALUES ('a', 'no such run', 'o', 'h', 1)")
    return null
  }
  const bad: Change = ['undo', { seqs: [] }]
  assert.deepEqual(codes(transact([create('a'), bad])), [19, 19])
  assert.deepEqual(sessions(), [])
  assert.deepEqual(codes(transact([create('b')])), ['ok'])
  assert.deepEqual(sessions(), ['b'])
})

test('a full disk is a fault that says so, and once there is room everything goes on', () => {
  transact([create('a')])
  db.exec(`PRAGMA max_page_count = ${Number(db.prepare('PRAGMA page_count').get()?.['page_count']) + 2}`)
  const [outcome] = transact([create('big', 'x'.repeat(100_000))])
  assert.ok(outcome !== undefined && 'failed' in outcome)
  const fault = faultOf('/home/pkn.db', outcome.failed)
  assert.ok(fault instanceof Fault)
  assert.deepEqual([fault.code, fault.details], ['disk.full', { path: '/home/pkn.db' }])
  assert.deepEqual(sessions(), ['a'])
  db.exec('PRAGMA max_page_count = 1000000')
  assert.deepEqual(codes(transact([create('big', 'x'.repeat(100_000))])), ['ok'])
})
