import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LogConflict, type Claim } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { AgentName, LOCAL, START, offset } from '../wire/id.ts'
import { say, endAt, said, type Now } from './kit.contract.ts'

export function endPromises(now: Now): void {
  describe('the end of a run', () => {
    test('settling ends the log, adds the answer and frees the session, all at once', async () => {
      const { store, clock, claimed } = now()
      const claim = await claimed()
      assert.equal((await store.session(LOCAL, claim.session)).active, claim.run)
      assert.equal((await store.run(LOCAL, claim.run)).state, 'running')
      clock.move(1000)
      const fault = new Fault('engine.cut', { endpoint: 'x' }).toData()
      const settled = {
        text: 'half',
        agent: AgentName.parse('coder'),
        model: 'tiny',
        reason: 'failed',
        fault,
        finish: 'failed',
        remote: null,
      } as const
      await store.settle(claim, START, [say(1, 'half'), endAt(2, 'failed')], settled)
      const session = await store.session(LOCAL, claim.session)
      assert.equal(session.active, null)
      assert.equal(session.updated, new Date(clock.wall()).toISOString())
      const run = await store.run(LOCAL, claim.run)
      assert.deepEqual([run.state, run.reason, run.head], ['ended', 'failed', 2])
      const { rows } = await store.messages(LOCAL, claim.session, { limit: 10 })
      assert.deepEqual(
        rows.map((m) => [m.role, m.text]),
        [
          ['user', 'hello'],
          ['assistant', 'half'],
        ],
      )
      const { id: _id, created: _created, ...answer } = rows[1]!
      const place = {
        session: claim.session,
        run: claim.run,
        role: 'assistant',
        after: null,
        runs: [],
        siblings: [],
        attachments: [],
      }
      assert.deepEqual(answer, { recalled: null, did: null, ...place, ...settled })
    })

    test('settling at a wrong offset or under an old epoch changes nothing', async () => {
      const { store, take, claimed } = now()
      const first = await claimed()
      await assert.rejects(store.settle(first, offset(3), [endAt(4)], said('x')), LogConflict)
      await store.release(first)
      await take()
      await assert.rejects(store.settle(first, START, [endAt(1)], said('x')), LogConflict)
      assert.equal((await store.run(LOCAL, first.run)).state, 'running')
      assert.equal((await store.messages(LOCAL, first.session, { limit: 10 })).rows.length, 1)
    })

    test('nothing can be written after the end', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await store.settle(claim, START, [endAt(1)], said('x'))
      await assert.rejects(store.append(claim, offset(1), [say(2, 'late')]), LogConflict)
      await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('late')), LogConflict)
      await store.release(claim)
      assert.equal((await store.run(LOCAL, claim.run)).state, 'ended')
    })

    test('cancelling reaches the claim of a running run', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const run = await store.cancel(LOCAL, claim.run)
      assert.equal(run.state, 'running')
      assert.equal(claim.stop.reason, 'cancelled')
      await store.append(claim, START, [say(1, 'last words')])
      await store.settle(claim, offset(1), [endAt(2, 'cancelled')], said('last words', 'cancelled'))
      assert.equal((await store.run(LOCAL, claim.run)).reason, 'cancelled')
    })

    test('a cancelled run that waits is handed out stopped, even while its session is busy', async () => {
      const { store, ask, claimsOf, claimed, isSettled } = now()
      const busy = await claimed()
      const { run } = await ask(busy.session, 'never mind')
      const waiting = claimsOf().next()
      assert.equal(await isSettled(waiting), false)
      assert.equal((await store.cancel(LOCAL, run.id)).state, 'queued')
      const claim: Claim = (await waiting).value
      assert.equal(claim.run, run.id)
      assert.equal(claim.stop.reason, 'cancelled')
      await store.settle(claim, START, [endAt(1, 'cancelled')], said('', 'cancelled'))
      assert.equal(busy.stop.aborted, false)
      assert.equal((await store.session(LOCAL, busy.session)).active, busy.run)
    })

    test('a run that was cancelled and released is still cancelled', async () => {
      const { store, take, claimed } = now()
      const first = await claimed()
      await store.cancel(LOCAL, first.run)
      await store.release(first)
      assert.equal((await take()).stop.reason, 'cancelled')
    })

    test('cancelling a run that has ended leaves it as it is', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await store.settle(claim, START, [endAt(1)], said('x'))
      const before = await store.run(LOCAL, claim.run)
      assert.deepEqual(await store.cancel(LOCAL, claim.run), before)
      assert.deepEqual(await store.run(LOCAL, claim.run), before)
      assert.equal(claim.stop.aborted, false)
    })
  })
}
