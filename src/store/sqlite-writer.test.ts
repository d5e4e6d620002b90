import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { Fault } from '../wire/fault.ts'
import { LOCAL, newMessageId, newWorkerId, offset, START } from '../wire/id.ts'
import { HandClock } from './kit.contract.ts'
import { openSqlite } from './sqlite.ts'

test('when the writing thread dies, what it had not answered fails, and the store goes on with another', async () => {
  const home = mkdtempSync(join(tmpdir(), 'pkn-writer-'))
  const workers: Worker[] = []
  const note = (message: unknown) => workers.push((message as { worker: Worker }).worker)
  subscribe('worker_threads', note)
  try {
    const clock = new HandClock()
    const store = await openSqlite({ path: join(home, 'pkn.db'), clock, say: () => {} })
    const session = await store.createSession(LOCAL, 'before')
    const message = {
      id: newMessageId(),
      session: session.id,
      text: 'x',
      agent: null,
      backend: 'local',
      model: null,
      priority: 'interactive',
    } as const
    await store.submit(LOCAL, message)
    const claims = store.claims(newWorkerId(), new AbortController().signal)[Symbol.asyncIterator]()
    const claim = (await claims.next()).value
    const waiting = claims.next()

    // Their transaction is on its way and cannot be committed when the thread is ended: another holds the file.
    const other = new DatabaseSync(join(home, 'pkn.db'))
    other.exec('BEGIN IMMEDIATE')
    const lost = Promise.allSettled(Array.from({ length: 300 }, () => store.createSession(LOCAL, 'lost')))
    for (let i = 0; i < 3; i++) await new Promise(setImmediate)
    const ended = workers[0]!.terminate()
    other.close()
    await ended
    for (const result of await lost)
      assert.ok(result.status === 'rejected' && result.reason instanceof Fault && result.reason.code === 'store.failed')

    await store.append(claim, START, [{ at: offset(1), t: 0, event: { type: 'text.delta', text: 'x' } }])
    assert.equal(workers.length, 2)
    assert.deepEqual(
      (await store.sessions(LOCAL, { limit: 10 })).rows.map((s) => s.title),
      ['before'],
    )
    assert.equal(claim.stop.aborted, false)
    await store.release(claim)
    clock.move(1000)
    assert.equal((await waiting).value.epoch, 2)
    await store.close()
  } finally {
    unsubscribe('worker_threads', note)
    rmSync(home, { recursive: true })
  }
})

test('the writing thread loads no package, for a server waits for its start', () => {
  const program = `
    import { registerHooks } from 'node:module'
    registerHooks({ load: (url, context, next) => (url.includes('node_modules') && console.log(url), next(url, context)) })
    await import(${JSON.stringify(join(import.meta.dirname, 'sqlite-writing.ts'))})`
  assert.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }), '')
})
