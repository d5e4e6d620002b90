import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { systemClock } from '../clock.ts'
import { LOCAL, newMessageId, newRunId, newSessionId, newWorkerId, START } from '../wire/id.ts'
import { endAt, said } from './kit.contract.ts'
import { migrate, MIGRATIONS } from './migrate.ts'
import { openSqlite } from './sqlite.ts'

const home = mkdtempSync(join(tmpdir(), 'pkn-branches-'))
after(() => rmSync(home, { recursive: true }))

/** A database as it was before conversations branched. */
function schema2(path: string) {
  const folder = join(home, 'schema-2')
  mkdirSync(folder, { recursive: true })
  for (const name of ['0001-sessions-runs-logs.sql', '0002-wishes.sql'])
    copyFileSync(join(MIGRATIONS, name), join(folder, name))
  const db = new DatabaseSync(path)
  migrate(db, folder)
  const t = Date.UTC(2030, 0, 1)
  const addSession = db.prepare("INSERT INTO sessions VALUES (?, 'local', ?, 0, ?, ?, ?)")
  const addRun = db.prepare(
    `INSERT INTO runs (id, owner, session, message, backend, state, reason, created)
      VALUES (?, 'local', ?, ?, 'local', ?, ?, ?)`,
  )
  const addMessage = db.prepare(
    "INSERT INTO messages (id, owner, session, run, role, text, created) VALUES (?, 'local', ?, ?, ?, ?, ?)",
  )
  db.exec('BEGIN')
  let used = 0
  return {
    session(title: string) {
      const id = newSessionId()
      addSession.run(id, title, t, t, ++used)
      return id
    },
    ask(session: string, text: string, state: 'queued' | 'ended') {
      const [run, message] = [newRunId(), newMessageId()]
      addRun.run(run, session, message, state, state === 'ended' ? 'done' : null, t)
      addMessage.run(message, session, run, 'user', text, t)
      return run
    },
    answer: (session: string, run: string, text: string) =>
      addMessage.run(newMessageId(), session, run, 'assistant', text, t),
    close() {
      db.exec('COMMIT')
      db.close()
    },
  }
}

test('conversations from before they could branch are one line each, with a tip, and go on there', async () => {
  const path = join(home, 'old.db')
  const old = schema2(path)
  const [one, two, empty] = [old.session('one'), old.session('two'), old.session('empty')]
  const a = old.ask(one, 'a', 'ended')
  const x = old.ask(two, 'x', 'ended')
  const b = old.ask(one, 'b', 'ended')
  // Asked before the first was answered, and one run that never said a word.
  old.answer(one, a, 'a!')
  old.answer(two, x, 'x!')
  const c = old.ask(one, 'c', 'ended')
  old.answer(one, c, 'c!')
  const d = old.ask(one, 'd', 'queued')
  old.close()

  const store = await openSqlite({ path, clock: systemClock, say: () => {} })
  const read = async (session: typeof one) => (await store.messages(LOCAL, session, { limit: 50 })).rows
  const lines = async (session: typeof one) => (await read(session)).map((m) => m.text)
  assert.deepEqual(await lines(one), ['a', 'a!', 'b', 'c', 'c!', 'd'])
  assert.deepEqual(await lines(two), ['x', 'x!'])
  assert.deepEqual(await lines(empty), [])
  const questions = (await read(one)).filter((m) => m.role === 'user')
  assert.deepEqual(
    questions.map((m) => [m.after, m.run, m.runs, m.siblings.length]),
    [
      [null, a, [a], 1],
      [a, b, [b], 1],
      [b, c, [c], 1],
      [c, d, [d], 1],
    ],
  )
  const tips = await Promise.all([one, two, empty].map(async (id) => (await store.session(LOCAL, id)).tip))
  assert.deepEqual(tips, [d, x, null])
  const ends = new AbortController()
  for await (const claim of store.claims(newWorkerId(), ends.signal)) {
    assert.deepEqual([claim.run, claim.continues, claim.message.after], [d, null, c])
    await store.settle(claim, START, [endAt(1)], said('d!'))
    break
  }
  await store.submit(LOCAL, {
    id: newMessageId(),
    session: one,
    text: 'e',
    agent: null,
    backend: 'local' as const,
    model: null,
    priority: 'interactive' as const,
  })
  assert.deepEqual(await lines(one), ['a', 'a!', 'b', 'c', 'c!', 'd', 'd!', 'e'])
  const edited = (await store.changeSession(LOCAL, one, { tip: a })).tip
  assert.equal(edited, (await read(one)).at(-1)?.run)
  await store.close()
})

test('a long conversation opens as quickly as a short one', async () => {
  const path = join(home, 'long.db')
  const old = schema2(path)
  const sessions = [20, 2000].map((messages) => {
    const session = old.session(`${messages}`)
    for (let i = 0; i < messages / 2; i++) {
      const run = old.ask(session, `question ${i}`, 'ended')
      old.answer(session, run, 'An answer of some length. '.repeat(20))
    }
    return session
  })
  old.close()
  const store = await openSqlite({ path, clock: systemClock, say: () => {} })
  const took = async (session: (typeof sessions)[number]) => {
    let best = Infinity
    for (let i = 0; i < 30; i++) {
      const from = performance.now()
      assert.equal((await store.messages(LOCAL, session, { limit: 20 })).rows.length, 20)
      best = Math.min(best, performance.now() - from)
    }
    return best
  }
  const [short, long] = [await took(sessions[0]!), await took(sessions[1]!)]
  assert.ok(long < short * 4, `${long.toFixed(2)} ms against ${short.toFixed(2)} ms`)
  await store.close()
})
