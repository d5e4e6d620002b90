import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, it } from 'node:test'
import { freePort } from '../../test/process.ts'
import { MIGRATIONS, migrate } from '../store/migrate.ts'
import { checkDatabase, newestIn } from './doctor-database.ts'
import { checkCloud, checkEndpoint, checkEndpoints } from './doctor-endpoints.ts'
import { checkNode, checkOpenFiles, checkPackages, checkPage, checkUnit } from './doctor-install.ts'
import { checkClock, checkDisk, checkHome, checkMemory } from './doctor-machine.ts'
import { checkModels } from './doctor-models.ts'
import { checkService, checkServices } from './doctor-ports.ts'
import { checkProxy } from './doctor-proxy.ts'
import { checkSandbox } from './doctor-sandbox.ts'
import { judgeStream } from './doctor-stream.ts'
import type { Endpoint, Finding } from './finding.ts'
import { openKeys } from './keys.ts'
import { serviceList } from './service-list.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-doctor-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** What a person reads of it: how bad it is, and what mends it. */
const told = (finding: Finding | null | undefined): [string, string] | null =>
  finding === null || finding === undefined
    ? null
    : [finding.level, finding.level === 'ok' ? '' : (finding.mend?.command ?? '')]
const HOUR = 3_600_000

it('judges Node, packages and the page', () => {
  assert.equal(checkNode('24.1.0').level, 'ok')
  assert.deepEqual(told(checkNode('22.9.0')), ['bad', 'npm ci'])
  writeFileSync(join(home, 'package-lock.json'), '{}')
  assert.deepEqual(told(checkPackages(home)), ['bad', 'npm ci'])
  mkdirSync(join(home, 'node_modules'))
  writeFileSync(join(home, 'node_modules/.package-lock.json'), '{}')
  assert.equal(checkPackages(home).level, 'ok')
  const older = Date.now() / 1000 - 3600
  utimesSync(join(home, 'node_modules/.package-lock.json'), older, older)
  assert.deepEqual(told(checkPackages(home)), ['warn', 'npm ci'])
  assert.deepEqual(told(checkPage(home)), ['bad', 'npm run build'])
})

it('says that nothing confines commands, and how that is mended', async () => {
  const get = 'sudo apt-get install -y bubblewrap'
  const without = await checkSandbox({ kind: 'none', why: 'bubblewrap (bwrap) is not installed', get })
  assert.deepEqual(told(without), ['warn', get])
  assert.match(without.text, /nothing confines .* not installed/)
  const elsewhere = await checkSandbox({ kind: 'none', why: 'there is no bubblewrap for darwin', get: null })
  assert.deepEqual(told(elsewhere), ['warn', ''])
  const within = {
    kind: 'bubblewrap',
    path: '/usr/bin/bwrap',
    version: '0.8.0',
    sized: true,
    closed: true,
    held: true,
  } as const
  assert.equal((await checkSandbox(within)).level, 'ok')
})

it('tells a disk that is full, or soon will be', async () => {
  assert.equal((await checkDisk(home)).check, 'disk')
  const full = await checkDisk(join(home, 'not/there/yet'), 100e6)
  assert.match(full.text, /100 MB free .* no message can be kept/)
  assert.deepEqual(
    [full.level, (await checkDisk(home, 1e9)).level, (await checkDisk(home, 5e9)).level],
    ['bad', 'warn', 'ok'],
  )
})

it('tells a model that the memory cannot hold', () => {
  const memory = { total: 8e9, free: 5e9 }
  const levels = [1e9, 6e9, 20e9].map((bytes) => checkMemory(bytes, memory).level)
  assert.deepEqual(levels, ['ok', 'warn', 'bad'])
  assert.equal(checkMemory(0, { total: 8e9, free: 100e6 }).level, 'warn')
})

it('tells a clock that went back', () => {
  assert.equal(checkClock(null).level, 'ok')
  assert.equal(checkClock(Date.now()).level, 'ok')
  assert.equal(checkClock(Date.now() + HOUR).level, 'bad')
  assert.equal(checkClock(null, Date.UTC(1970, 0)).level, 'bad')
})

it('tells a home that others can read, and one that is no folder', () => {
  chmodSync(home, 0o755)
  const open = checkHome(home)
  assert.match(open.text, /mode 755/)
  assert.deepEqual(open, { ...open, level: 'warn', mend: { command: `chmod 700 ${home}`, safe: true } })
  chmodSync(home, 0o700)
  assert.equal(checkHome(home).level, 'ok')
  writeFileSync(join(home, 'file'), '')
  assert.equal(checkHome(join(home, 'file')).level, 'bad')
  assert.equal(checkHome(join(home, 'none')).level, 'ok')
})

it('tells too few open files, and a proxy that this machine is not spared from', () => {
  assert.deepEqual(
    ['unlimited', '1024', '256', ''].map((limit) => checkOpenFiles(limit).level),
    ['ok', 'ok', 'warn', 'ok'],
  )
  assert.match(checkOpenFiles().text, /\d|limit/)
  assert.equal(checkProxy({}).level, 'ok')
  const through = { HTTP_PROXY: 'http://proxy:3128' }
  assert.deepEqual(told(checkProxy({ ...through, NO_PROXY: 'localhost, example.org' })), [
    'warn',
    'export NO_PROXY=localhost,example.org,127.0.0.1 no_proxy=localhost,example.org,127.0.0.1',
  ])
  assert.equal(checkProxy({ ...through, no_proxy: '127.0.0.1,localhost' }).level, 'ok')
  assert.equal(checkProxy({ ...through, NO_PROXY: '*' }).level, 'ok')
})

it('tells a unit that was made for another place', () => {
  const path = join(home, 'pkn.service')
  const unit = 'ExecStart=/a/node /a/src/serve.mjs\nEnvironment="PATH=/bin"\n'
  assert.equal(checkUnit(path, unit).level, 'ok')
  writeFileSync(path, unit.replace('/bin', '/usr/bin'))
  assert.equal(checkUnit(path, unit).level, 'ok')
  writeFileSync(path, unit.replaceAll('/a/', '/b/'))
  assert.deepEqual(told(checkUnit(path, unit)), ['warn', './pkn service install'])
})

const services = (port: number, enginePort: number, ollamaPort: number) =>
  serviceList({
    home,
    host: '127.0.0.1',
    port,
    engine: { port: enginePort },
    ollamaUrl: `http://127.0.0.1:${ollamaPort}`,
    env: {},
  })

it('names who holds a port, and another one', async () => {
  const script =
    "require('node:net').createServer().listen(0, '127.0.0.1', function () { console.log(this.address().port) })"
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
  try {
    const [first] = (await once(other.stdout, 'data')) as [Buffer]
    const port = Number(String(first).trim())
    const { divinenode } = services(port, await freePort(), await freePort())
    const held = await checkService(divinenode)
    assert.equal(held.level, 'bad')
    if (process.platform === 'linux')
      assert.match(held.text, new RegExp(`port ${port} is held by pid ${other.pid} \\(`))
    assert.match(told(held)?.[1] ?? '', /^\.\/pkn config set port \d+$/)
    assert.notEqual(told(held)?.[1], `./pkn config set port ${port}`)
  } finally {
    other.kill('SIGKILL')
    await once(other, 'exit')
  }
})

it('tells a server that does not run, and a pid file that names nobody any more', async () => {
  const all = services(await freePort(), await freePort(), await freePort())
  const before = await checkServices({ services: all })
  assert.deepEqual(before.map(({ check, level }) => [check, level]).slice(0, 2), [
    ['divinenode', 'warn'],
    ['llama', 'ok'],
  ])
  mkdirSync(join(home, 'run'))
  const file = all.llama.pidFile
  writeFileSync(file, JSON.stringify({ pid: process.pid, began: '1', since: new Date().toISOString() }))
  const stale = (await checkServices({ services: all })).find(
    ({ check, level }) => check === 'llama' && level === 'warn',
  )
  assert.deepEqual(told(stale), ['warn', `rm ${file}`])
})

async function answering(status: number, body: unknown): Promise<{ url: string; close: () => void }> {
  const server = createServer((_, response) => response.writeHead(status).end(JSON.stringify(body))).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, close: () => server.close() }
}

it('asks each endpoint what it has, and says why one does not answer', async () => {
  const nobody: Endpoint = {
    name: 'far',
    kind: 'openai',
    url: `http://127.0.0.1:${await freePort()}/v1`,
    configured: true,
  }
  const gone = await checkEndpoint(nobody)
  assert.match(gone?.text ?? '', /cannot be reached: .*ECONNREFUSED/)
  assert.deepEqual(told(gone), ['bad', './pkn config unset endpoints.far'])
  const usual = await checkEndpoints({ endpoints: [{ ...nobody, configured: false }] })
  assert.deepEqual(
    usual.map(({ level, text }) => [level, text]),
    [['ok', `none at the usual ports ${new URL(nobody.url).port}`]],
  )

  const good = await answering(200, { data: [{ id: 'qwen' }, { id: 'smol' }], total_slots: 4 })
  const found = await checkEndpoint({ ...nobody, kind: 'llama', url: good.url })
  good.close()
  assert.deepEqual([found?.level, found?.text], ['ok', `${good.url}, 4 slots: qwen, smol`])

  const locked = await answering(401, {})
  const refused = await checkEndpoint({ ...nobody, url: locked.url, keyEnv: 'FAR_KEY' })
  locked.close()
  assert.deepEqual(told(refused), ['bad', 'export FAR_KEY=...'])

  const empty = await answering(200, { models: [] })
  const none = await checkEndpoint({ ...nobody, kind: 'ollama', url: empty.url })
  empty.close()
  assert.equal(none?.level, 'warn')
})

it('tells a provider of the cloud that has no key, and asks nobody', () => {
  const of = (key: string | null) => checkCloud({ home, cloud: [{ provider: 'anthropic', key }] }).map(told)
  assert.deepEqual(of(null), [['bad', './pkn config key anthropic']])
  assert.deepEqual(of('from the environment'), [['ok', '']])
  openKeys(home).set('anthropic', 'kept')
  assert.deepEqual(of(null), [['ok', '']])
  writeFileSync(join(home, 'keys.json'), 'damaged')
  assert.deepEqual(of(null), [['bad', './pkn config key anthropic']])
})

it('tells files that only look like models, and what is left of pulls', async () => {
  const folder = join(home, 'models')
  mkdirSync(join(folder, '.pulls/big.gguf.d'), { recursive: true })
  writeFileSync(join(folder, 'good.gguf'), 'GGUF...')
  writeFileSync(join(folder, 'bad one.gguf'), '<html>')
  writeFileSync(join(folder, '.pulls/big.gguf.d/big.gguf.part'), 'GGUF')
  writeFileSync(join(folder, '.pulls/pull_1.json'), JSON.stringify({ what: 'hf:a/b/big.gguf', name: 'big' }))
  const at = async (now: number, model?: string) =>
    (await checkModels({ home, engine: { enabled: true, model } }, now)).filter(({ level }) => level !== 'ok').map(told)
  const broken = ['bad', `rm '${join(folder, 'bad one.gguf')}'`]
  assert.deepEqual(await at(Date.now()), [broken])
  assert.deepEqual(await at(Date.now() + 2 * HOUR), [broken, ['warn', './pkn models pull hf:a/b/big.gguf']])
  assert.deepEqual(await at(Date.now(), 'gone'), [broken, ['bad', './pkn config unset engine.model']])
  rmSync(folder, { recursive: true })
  assert.deepEqual(await at(Date.now()), [['warn', './pkn models catalogue']])
})

function database(): DatabaseSync {
  const db = new DatabaseSync(join(home, 'pkn.db'))
  db.exec('PRAGMA journal_mode = WAL')
  migrate(db, MIGRATIONS)
  return db
}

it('tells a database that is whole from one that is not', () => {
  assert.match(checkDatabase(home, false)[0]?.text ?? '', /none yet/)
  const db = database()
  const add = db.prepare(
    'INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES (?, ?, ?, 0, 1, 1, ?)',
  )
  for (let i = 0; i < 500; i += 1) add.run(`s${i}`, 'local', 'x'.repeat(100), i)
  // Read beside an open writer, as the server is.
  assert.match(checkDatabase(home, true)[0]?.text ?? '', /^whole, schema \d+, /)
  db.close()
  const path = join(home, 'pkn.db')
  const bytes = readFileSync(path)
  bytes.fill(0xff, 8192, 40_000)
  writeFileSync(path, bytes)
  const [damaged] = checkDatabase(home, false)
  assert.equal(damaged?.level, 'bad')
  assert.match(told(damaged)?.[1] ?? '', /^\.\/pkn doctor recover$/)
  writeFileSync(path, 'this is no database, but a letter '.repeat(100))
  assert.match(checkDatabase(home, false)[0]?.text ?? '', /cannot be read: file is not a database/)
})

it('tells runs that belong to nobody, wait, or say nothing', () => {
  const db = database()
  const now = Date.now()
  db.exec(
    "INSERT INTO sessions (id, owner, title, named, created, updated, used) VALUES ('s', 'local', 't', 0, 1, 1, 1)",
  )
  const add = db.prepare(
    "INSERT INTO runs (id, owner, session, message, backend, state, lease, created) VALUES (?, 'local', 's', 'm', 'local', ?, ?, ?)",
  )
  const levels = (running: boolean) => checkDatabase(home, running, now).slice(1).map(told)
  assert.deepEqual(levels(true), [['ok', '']])
  add.run('fresh', 'running', now + 10_000, now - 1000)
  add.run('new', 'queued', 0, now - 1000)
  assert.deepEqual(levels(true), [['ok', '']])
  assert.equal(newestIn(home), now - 1000)
  add.run('asks', 'waiting', 0, now - HOUR)
  assert.equal(checkDatabase(home, true, now)[1]?.text, '2 open, none stuck, 1 waits for your answer')
  add.run('orphan', 'running', now - 5000, now - 60_000)
  assert.deepEqual(levels(true), [['bad', './pkn restart divinenode']])
  assert.deepEqual(levels(false)[0], ['warn', './pkn start'])
  db.exec("DELETE FROM runs WHERE id = 'orphan'")
  add.run('silent', 'running', now + 10_000, now - HOUR)
  add.run('waits', 'queued', 0, now - HOUR)
  assert.deepEqual(levels(true), [
    ['warn', './pkn models'],
    ['warn', './pkn logs'],
  ])
  // Its last word, by its own clock, was a minute ago.
  db.exec(
    `INSERT INTO chunks (run, last, first, epoch, owner, entries) VALUES ('silent', 1, 1, 1, 'local', '[{"at":1,"t":${HOUR - 60_000}}]')`,
  )
  assert.deepEqual(levels(true), [['warn', './pkn models']])
  db.close()
})

it('tells a stream that comes in lumps from one that comes as it is written', () => {
  const as = (came: [number, number | null][], open = 3500) =>
    judgeStream('https://x', { came: came.map(([at, t]) => ({ at, t })), open }).level
  const steady: [number, number | null][] = [20, 500, 1500, 2500, 3400].map((t) => [t + 40, t])
  assert.equal(as(steady), 'ok')
  assert.equal(as(steady.map(([, t]) => [3400, t])), 'bad', 'all at the end')
  assert.equal(as(steady.map(([at, t], i) => (i < 3 ? [1600, t] : [at, t]))), 'bad', 'two lumps')
  assert.equal(as([]), 'bad', 'nothing at all')
  assert.equal(
    as([
      [1000, null],
      [2000, null],
      [3000, null],
    ]),
    'ok',
    'pings alone',
  )
  assert.equal(
    as(
      [
        [10, 0],
        [30, 20],
      ],
      60,
    ),
    'warn',
    'too quick to tell',
  )
})
