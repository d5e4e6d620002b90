import assert from 'node:assert/strict'
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, test } from 'node:test'
import { Fault } from '../wire/fault.ts'
import { AgentName, LOCAL, newMessageId, newRunId, newSessionId, newWorkerId, offset, START } from '../wire/id.ts'
import { HandClock } from './kit.contract.ts'
import { migrate, MIGRATIONS } from './migrate.ts'
import { openSqlite } from './sqlite.ts'

let home: string
let path: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-files-'))
  path = join(home, 'pkn.db')
})
afterEach(() => rmSync(home, { recursive: true }))

const open = (at = path) => openSqlite({ path: at, clock: new HandClock(), say: () => {} })
const failsNaming =
  (...what: string[]) =>
  (cause: unknown) => {
    assert.ok(cause instanceof Fault, String(cause))
    assert.equal(cause.code, 'store.failed')
    for (const w of what) assert.ok(cause.message.includes(w), `${cause.message} lacks ${w}`)
    return true
  }

test('a file that is no database is refused by its name, and stays as it is', async () => {
  writeFileSync(path, 'this was never a database, but it is long enough to look like one '.repeat(20))
  await assert.rejects(open(), failsNaming(path, 'not a database'))
  await assert.rejects(open(), failsNaming(path, 'not a database'))
})

test('a database of a newer PKN is refused by its name', async () => {
  const db = new DatabaseSync(path)
  db.exec('PRAGMA user_version = 1000')
  db.close()
  await assert.rejects(open(), failsNaming(path, 'schema 1000', 'newer'))
})

test('a path that cannot be opened is refused by its name', async () => {
  mkdirSync(path)
  await assert.rejects(open(), failsNaming(path))
})

test('a folder that does not exist yet is made', async () => {
  const store = await open(join(home, 'a', 'b', 'pkn.db'))
  await store.createSession(LOCAL, 'x')
  await store.close()
})

test('rows that somebody damaged are a fault that names them, and the rest can be read', async () => {
  const store = await open()
  const good = await store.createSession(LOCAL, 'good')
  const bad = await store.createSession(LOCAL, 'bad')
  const message = {
    id: newMessageId(),
    session: bad.id,
    text: 'x',
    agent: null,
    backend: 'local',
    model: null,
    priority: 'interactive',
  } as const
  const { run } = await store.submit(LOCAL, message)
  for await (const claim of store.claims(newWorkerId(), new AbortController().signal)) {
    await store.append(claim, START, [{ at: offset(1), t: 0, event: { type: 'text.delta', text: 'x' } }])
    break
  }
  const db = new DatabaseSync(path)
  db.exec(`UPDATE chunks SET entries = substr(entries, 2); UPDATE runs SET agent = 'NO AGENT', backend = 'mars'`)
  db.exec(`UPDATE sessions SET created = 9e15 WHERE title = 'bad'`)
  db.close()
  await assert.rejects(store.page(run.id, START, 10), failsNaming(run.id, 'damaged'))
  await assert.rejects(store.session(LOCAL, bad.id), failsNaming(bad.id, 'damaged'))
  assert.equal((await store.session(LOCAL, good.id)).title, 'good')
  await store.close()
})

test('what was written is there when it is opened again, and a store that is closed says that it is', async () => {
  const first = await open()
  const session = await first.createSession(LOCAL, 'kept')
  await first.close()
  await first.close()
  await assert.rejects(first.createSession(LOCAL, 'x'), (c) => c instanceof Fault && c.code === 'server.stopping')
  await assert.rejects(first.session(LOCAL, session.id), Fault)
  const second = await open()
  assert.deepEqual(await second.session(LOCAL, session.id), session)
  await second.close()
})

test('a database of schema 1 is brought up to date, and the runs that wait in it are claimed, with no wish in particular', async () => {
  const first = '0001-sessions-runs-logs.sql'
  const folder = join(home, 'schema-1')
  mkdirSync(folder)
  copyFileSync(join(MIGRATIONS, first), join(folder, first))
  const db = new DatabaseSync(path)
  migrate(db, folder)
  const [session, run, message] = [newSessionId(), newRunId(), newMessageId()]
  const t = Date.UTC(2030, 0, 1)
  db.prepare("INSERT INTO sessions VALUES (?, 'local', 'old', 0, ?, ?, 1)").run(session, t, t)
  db.prepare(
    `INSERT INTO runs (id, owner, session, message, agent, backend, state, created)
      VALUES (?, 'local', ?, ?, 'coder', 'cloud', 'queued', ?)`,
  ).run(run, session, message, t)
  db.prepare(
    "INSERT INTO messages (id, owner, session, run, role, text, created) VALUES (?, 'local', ?, ?, 'user', 'hi', ?)",
  ).run(message, session, run, t)
  db.close()
  const store = await open()
  const claim = (await store.claims(newWorkerId(), new AbortController().signal)[Symbol.asyncIterator]().next()).value
  assert.equal(claim.run, run)
  assert.deepEqual(claim.wish, {
    agent: 'coder',
    backend: 'cloud',
    model: null,
    priority: 'interactive',
    temperature: null,
    plan: 'never',
    format: null,
  })
  const again = { id: message, session, text: 'hi', agent: AgentName.parse('coder'), backend: 'cloud' } as const
  const { run: same } = await store.submit(LOCAL, { ...again, model: null, priority: 'interactive' })
  assert.equal(same.id, run)
  await store.close()
})

test('where the words of an earlier answer went is known from its log, each host once, and not from what the log quotes', async () => {
  const folder = join(home, 'schema-5')
  mkdirSync(folder)
  for (const name of readdirSync(MIGRATIONS).filter((name) => name < '0006'))
    copyFileSync(join(MIGRATIONS, name), join(folder, name))
  const db = new DatabaseSync(path)
  migrate(db, folder)
  const session = newSessionId()
  const t = Date.UTC(2030, 0, 1)
  db.prepare(
    "INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES (?, 'local', '', 0, ?, ?, 1)",
  ) // prettier-ignore
    .run(session, t, t)
  const asks = (remote?: string) => ({
    type: 'step.start',
    step: 1,
    model: 'm',
    endpoint: 'e',
    ...(remote && { remote }),
  })
  const answers = [
    [[asks('a.example'), asks('b.example')], [asks('a.example')]],
    [[asks()], [{ type: 'text.delta', text: '"remote":"c.example"' }]],
    [[asks('d.example')], 'damaged "remote":"'],
  ]
  for (const batches of answers) {
    const [run, message] = [newRunId(), newMessageId()]
    db.prepare(
      `INSERT INTO runs (id, owner, session, message, backend, state, reason, head, created)
        VALUES (?, 'local', ?, ?, 'cloud', 'ended', 'done', 9, ?)`,
    ).run(run, session, message, t)
    const say = db.prepare(
      "INSERT INTO messages (id, owner, session, run, role, text, created) VALUES (?, 'local', ?, ?, ?, 'x', ?)",
    )
    say.run(message, session, run, 'user', t)
    say.run(newMessageId(), session, run, 'assistant', t)
    for (const [i, events] of batches.entries()) {
      const entries = typeof events === 'string' ? events : JSON.stringify(events.map((event) => ({ at: 1, t, event })))
      db.prepare("INSERT INTO chunks VALUES (?, ?, ?, 1, 'local', ?)").run(run, i + 1, i + 1, entries)
    }
  }
  migrate(db)
  const told = db.prepare('SELECT role, finish, remote FROM messages ORDER BY seq').all()
  assert.deepEqual(
    told.map(({ role, finish, remote }) => [role, finish, remote]),
    ['a.example, b.example', null, 'd.example'].flatMap((host) => [
      ['user', null, null],
      ['assistant', null, host],
    ]),
  )
  db.close()
})
