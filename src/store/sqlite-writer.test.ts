import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Worker } from 'node:worker_threads'
import { Fault } from '../wire/fault.ts'
import { LOCAL, newMessageId, newWorkerId, offset, START } from '../wire/id.ts'
import { HandClock } from './contract.ts'
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
    const message = { id: newMessageId(), session: session.id, text: 'x', agent: null, backend: 'local' } as const
    await store.submit(LOCAL, message)
    const claims = store.claims(newWorkerId(), new AbortController().signal)[Symbol.asyncIterator]()
    const claim = (await claims.next()).value
    const waiting = claims.next()

    const lost = assert.rejects(
      store.createSession(LOCAL, 'lost'),
      (c) => c instanceof Fault && c.code === 'store.failed',
    )
    await new Promise(setImmediate)
    await workers[0]!.terminate()
    await lost

    await store.append(claim, START, [{ at: offset(1), t: 0, event: { type: 'text.delta', text: 'x' } }])
    assert.equal(workers.length, 2)
    assert.equal((await store.session(LOCAL, session.id)).title, 'before')
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
