import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, it } from 'node:test'
import { migrate } from '../store/migrate.ts'
import { checkDatabase } from './doctor-database.ts'
import { recoverDatabase } from './recover.ts'

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-recover-'))
  path = join(home, 'pkn.db')
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

const CHATS = 60
const RUNS = 5
function fill(): void {
  const db = new DatabaseSync(path)
  migrate(db)
  db.exec('BEGIN')
  for (let s = 0; s < CHATS; s += 1) {
    db.prepare(
      'INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES (?, ?, ?, 1, 1, 1, ?)',
    ).run(`s${s}`, 'me', `Chat ${s} ${'about something long '.repeat(8)}`, s + 1)
    for (let r = 0; r < RUNS; r += 1) {
      const run = `r${s}-${r}`
      db.prepare(
        "INSERT INTO runs (id, owner, session, message, backend, state, reason, head, created) VALUES (?, 'me', ?, ?, 'b', 'ended', 'done', 30, 1)",
      ).run(run, `s${s}`, `m${run}`)
      db.prepare(
        "INSERT INTO messages (id, owner, session, run, role, text, created) VALUES (?, 'me', ?, ?, 'user', ?, 1)",
      ).run(`m${run}`, `s${s}`, run, `Question ${run} ${'word '.repeat(60)}`)
      for (let c = 0; c < 3; c += 1)
        db.prepare("INSERT INTO chunks VALUES (?, ?, ?, 1, 'me', ?)").run(
          run,
          c * 10 + 10,
          c * 10 + 1,
          JSON.stringify(['x'.repeat(300)]),
        )
    }
  }
  db.exec('COMMIT')
  db.close()
}

/** Page numbers of what belongs to a table. */
function pagesOf(table: string): number[] {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    return db
      .prepare('SELECT pageno FROM dbstat WHERE name = ?')
      .all(table)
      .map((row) => Number(row['pageno']))
  } finally {
    db.close()
  }
}

function flip(page: number): void {
  const bytes = readFileSync(path)
  const at = (page - 1) * 4096
  for (let i = 0; i < 64; i += 1) bytes[at + i] = (bytes[at + i] ?? 0) ^ 0xff
  for (let i = 2000; i < 2400; i += 1) bytes[at + i] = (bytes[at + i] ?? 0) ^ 0x55
  const file = openSync(path, 'r+')
  writeSync(file, bytes)
  closeSync(file)
}

const count = (db: DatabaseSync, table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.['n'])

for (const table of ['sessions', 'runs', 'messages', 'chunks'])
  it(`what damaged pages in the middle of ${table} leave readable is in a new file that is whole`, () => {
    fill()
    const pages = pagesOf(table)
    flip(pages[Math.floor(pages.length / 2)] ?? 0)
    const damaged = readFileSync(path)
    const [finding] = checkDatabase(home, false)
    assert.ok(finding?.level === 'bad')
    assert.equal(finding.mend?.command, './pkn doctor recover')

    const found = recoverDatabase(path)
    assert.ok('kept' in found)
    assert.deepEqual(readFileSync(found.kept), damaged)
    assert.match(checkDatabase(home, false)[0]?.text ?? '', /^whole, schema/)
    const db = new DatabaseSync(path)
    assert.equal(count(db, 'sessions'), CHATS, 'no chat is gone, though it may have lost its name')
    const all = CHATS * RUNS
    for (const one of ['runs', 'messages']) {
      const n = count(db, one)
      assert.ok(n > all * 0.9, `${n} of ${all} ${one} are there`)
    }
    assert.ok(count(db, 'chunks') > all * 3 * 0.6, `${count(db, 'chunks')} of ${all * 3} chunks are there`)
    assert.equal(db.prepare('PRAGMA foreign_key_check').all().length, 0)
    const hits = db.prepare("SELECT count(*) AS n FROM message_words WHERE message_words MATCH 'question'").get()?.['n']
    assert.equal(hits, count(db, 'messages'), 'what is there is found')
    const gaps = db.prepare(
      'SELECT id FROM runs r WHERE head <> coalesce((SELECT sum(last - first + 1) FROM chunks WHERE run = r.id), 0)',
    )
    assert.deepEqual(gaps.all(), [], 'no log has a gap')
    db.close()
  })

it('a file of which nothing can be read stays beside the empty one that takes its place', () => {
  const letter = 'this is no database, but a letter '.repeat(300)
  writeFileSync(path, letter)
  const found = recoverDatabase(path)
  assert.ok('kept' in found)
  assert.equal(readFileSync(found.kept, 'utf8'), letter)
  assert.match(checkDatabase(home, false)[0]?.text ?? '', /^whole, schema/)
  assert.equal(readdirSync(home).length, 2)
})

it('a chat whose project could not be read stays, in no project; what was remembered is found again by its words', () => {
  fill()
  const db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
  const add =
    "INSERT INTO projects (id, owner, name, instructions, created, updated) VALUES (?, 'me', 'Boat', '', 1, 1)"
  db.prepare(add).run('there')
  db.exec("UPDATE sessions SET project = 'there' WHERE id = 's1'; UPDATE sessions SET project = 'lost' WHERE id = 's2'")
  const remember = db.prepare(
    "INSERT INTO memories (id, owner, project, text, always, by, created, updated) VALUES (?, 'me', ?, ?, 0, '{}', 1, 1)",
  )
  remember.run('a', 'there', 'The boat is blue.')
  remember.run('b', 'lost', 'It goes with its project.')
  db.close()
  recoverDatabase(path)
  const mended = new DatabaseSync(path, { readOnly: true })
  const of = (id: string) => mended.prepare('SELECT project FROM sessions WHERE id = ?').get(id)
  assert.deepEqual([of('s1')?.['project'], of('s2')?.['project'], count(mended, 'sessions')], ['there', null, CHATS])
  const found = mended.prepare(
    "SELECT m.id FROM memory_words w JOIN memories m ON m.seq = w.rowid WHERE memory_words MATCH 'boat OR project'",
  )
  assert.deepEqual(
    found.all().map(({ id }) => id),
    ['a'],
  )
  mended.close()
})
