import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { freePort } from '../../test/process.ts'
import { beginOf, livingProcess } from './pid-file.ts'
import { getJson } from './port.ts'
import { portHolder } from './port-holder.ts'
import { startService, stopService, type Service } from './service.ts'

let home: string
let service: Service
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pkn-service-'))
  service = program(await freePort())
})
afterEach(async () => {
  await stopService(service, 0)
  rmSync(home, { recursive: true, force: true })
})
const quiet = () => undefined

/** A real background program: it listens, and ends on SIGTERM unless told otherwise. */
function program(port: number, first = ''): Service {
  const script = `${first}; require('node:http').createServer((q, r) => r.end('{"mine":true}')).listen(${port}, '127.0.0.1')`
  return {
    name: 'llama',
    port,
    pidFile: join(home, 'run', 'x.pid'),
    output: join(home, 'x.log'),
    patience: 20_000,
    command: () =>
      Promise.resolve({ file: process.execPath, args: ['-e', script], env: { PATH: process.env['PATH'] ?? '' } }),
    health: async () => {
      const found = await getJson<{ mine?: boolean }>(`http://127.0.0.1:${port}/`)
      return found?.body.mine === true ? { state: 'ready', text: 'it answers', pid: null } : { state: 'down' }
    },
  }
}

it('starts a program, starts it only once, and stops it', async () => {
  const started = await startService(service, quiet)
  const pid = livingProcess(service.pidFile)?.pid ?? 0
  assert.deepEqual(started, { ok: true, text: `started, pid ${pid}; it answers` })
  assert.deepEqual(await startService(service, quiet), { ok: true, text: `already running, pid ${pid}; it answers` })
  if (process.platform === 'linux') assert.equal(portHolder(service.port)?.pid, pid)
  assert.deepEqual(await stopService(service), { ok: true, text: `stopped, pid ${pid}` })
  assert.equal(beginOf(pid), null)
  assert.deepEqual(await stopService(service), { ok: true, text: 'not running' })
})

it('starts one program and not two when it is asked twice at once, also by another process', async () => {
  const outcomes = await Promise.all([startService(service, quiet), startService(service, quiet)])
  const pid = livingProcess(service.pidFile)?.pid
  assert.deepEqual(outcomes.map((o) => o.text).sort(), [
    `already running, pid ${pid}; it answers`,
    `started, pid ${pid}; it answers`,
  ])
  await stopService(service)

  const lock = service.pidFile.replace('.pid', '.lock')
  const hold = `const db = new (require('node:sqlite').DatabaseSync)(${JSON.stringify(lock)}); db.exec('BEGIN EXCLUSIVE'); console.log('held'); process.stdin.resume()`
  const other = spawn(process.execPath, ['-e', hold], { stdio: ['pipe', 'pipe', 'ignore'] })
  await once(other.stdout, 'data')
  const told = Promise.withResolvers<string>()
  const waiting = startService(service, told.resolve)
  assert.equal(await told.promise, 'waiting for another command')
  assert.equal(livingProcess(service.pidFile), null)
  // However its holder ends, the lock ends with it.
  other.kill('SIGKILL')
  assert.match((await waiting).text, /^started/)
})

it('says so when another command stops what it is starting', async () => {
  service = { ...program(service.port), health: () => Promise.resolve({ state: 'down' }) }
  const said = Promise.withResolvers<string>()
  const starting = startService(service, said.resolve)
  await said.promise
  const pid = livingProcess(service.pidFile)?.pid
  await stopService(service)
  assert.deepEqual(await starting, { ok: false, text: `pid ${pid} was stopped by another command before it was ready` })
})

it('kills a program that does not stop when it is asked to', async () => {
  service = program(service.port, "process.on('SIGTERM', () => {})")
  await startService(service, quiet)
  const stopped = await stopService(service, 100)
  assert.match(stopped.text, /^killed/)
  assert.equal(livingProcess(service.pidFile), null)
})

it('shows the last words of a program that ends at once', async () => {
  service = program(service.port, "console.error('no such thing'); process.exit(3)")
  const started = await startService(service, quiet)
  assert.equal(started.ok, false)
  assert.match(started.text, /no such thing/)
  service = program(service.port, 'process.exit(3)')
  assert.doesNotMatch((await startService(service, quiet)).text, /no such thing/, 'of this start, not of one before')
  assert.equal(livingProcess(service.pidFile), null)
})

it('names who holds the port, and leaves alone what it did not start', async () => {
  await startService(service, quiet)
  const pid = livingProcess(service.pidFile)?.pid
  const stranger = {
    ...service,
    pidFile: join(home, 'run', 'y.pid'),
    health: () => Promise.resolve({ state: 'down' as const }),
  }
  const refused = await startService(stranger, quiet)
  assert.equal(refused.ok, false)
  assert.match(refused.text, new RegExp(`port ${service.port} is held by pid ${pid}`))
  const same = { ...service, pidFile: join(home, 'run', 'y.pid') }
  assert.match((await startService(same, quiet)).text, /already running, pid \d+, not started by this script/)
  assert.match((await stopService(same)).text, /left alone/)
  assert.equal((await service.health()).state, 'ready')
})

it('never ends a process that only has the number of the one it started', async () => {
  await startService(service, quiet)
  const kept = livingProcess(service.pidFile)
  assert.ok(kept)
  const other = join(home, 'run', 'z.pid')
  writeFileSync(other, JSON.stringify({ ...kept, began: '1' }))
  await stopService({ ...service, pidFile: other })
  assert.equal(beginOf(kept.pid), kept.began)
})

it('says what is missing when there is nothing to start', async () => {
  const none = { ...service, command: () => Promise.resolve({ missing: 'not installed' }) }
  assert.deepEqual(await startService(none, quiet), { ok: false, text: 'not installed' })
})
