import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LogConflict } from '../core/ports.ts'
import { LOCAL, START, newAskId, newRunId, newSessionId, offset, type SessionId } from '../wire/id.ts'
import { say, endAt, said, fails, OTHER, type Now } from './kit.contract.ts'

export function sessionPromises(now: Now): void {
  describe('sessions', () => {
    test('the one used last comes first, and pages survive new ones', async () => {
      const { store, begin, ask } = now()
      const ids: SessionId[] = []
      for (let i = 0; i < 5; i++) ids.push(await begin())
      await ask(ids[0]!)
      const list = async (before?: string) => store.sessions(LOCAL, { limit: 2, before })
      const first = await list()
      assert.deepEqual(
        first.rows.map((s) => s.id),
        [ids[0], ids[4]],
      )
      await begin()
      const second = await list(first.next!)
      assert.deepEqual(
        second.rows.map((s) => s.id),
        [ids[3], ids[2]],
      )
      const third = await list(second.next!)
      assert.deepEqual(
        third.rows.map((s) => s.id),
        [ids[1]],
      )
      assert.equal(third.next, null)
    })

    test('a title comes from the first message, and from a person for good', async () => {
      const { store, begin, ask } = now()
      const session = await begin()
      assert.equal((await store.session(LOCAL, session)).title, '')
      await ask(session, '## Fix my **bike**')
      await ask(session, 'and my car')
      assert.deepEqual(
        [(await store.session(LOCAL, session)).title, (await store.session(LOCAL, session)).named],
        ['Fix my bike', false],
      )
      const renamed = await store.renameSession(LOCAL, session, 'Workshop')
      assert.deepEqual([renamed.title, renamed.named], ['Workshop', true])
      const named = await store.createSession(LOCAL, 'Mine')
      await ask(named.id, 'something else')
      const after = await store.session(LOCAL, named.id)
      assert.deepEqual([after.title, after.named], ['Mine', true])
    })

    test('removing one stops its run, and its worker can not write another word', async () => {
      const { store, claimed, all } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      const reading = assert.rejects(all(claim.run, offset(1)), fails('run.missing'))
      await turn()
      await store.removeSession(LOCAL, claim.session)
      assert.equal(claim.stop.reason, 'cancelled')
      await reading
      await assert.rejects(store.append(claim, offset(1), [say(2, 'b')]), LogConflict)
      await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('a')), LogConflict)
      await store.release(claim)
      await assert.rejects(store.session(LOCAL, claim.session), fails('session.missing'))
      await assert.rejects(store.run(LOCAL, claim.run), fails('run.missing'))
      await assert.rejects(store.page(claim.run, START, 1), fails('run.missing'))
      assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
      await assert.rejects(store.removeSession(LOCAL, claim.session), fails('session.missing'))
    })

    test("another owner's session, messages and runs are as missing, for reading and for changing", async () => {
      const { store, message, claimed } = now()
      const claim = await claimed()
      const missing = fails('session.missing')
      const gone = fails('run.missing')
      for (const [owner, session, run] of [
        [OTHER, claim.session, claim.run],
        [LOCAL, newSessionId(), newRunId()],
      ] as const) {
        await assert.rejects(store.session(owner, session), missing)
        await assert.rejects(store.renameSession(owner, session, 'x'), missing)
        await assert.rejects(store.removeSession(owner, session), missing)
        await assert.rejects(store.messages(owner, session, { limit: 1 }), missing)
        await assert.rejects(store.submit(owner, message(session)), missing)
        await assert.rejects(store.run(owner, run), gone)
        await assert.rejects(store.cancel(owner, run), gone)
        await assert.rejects(store.answer(owner, run, newAskId(), true), gone)
      }
      assert.deepEqual((await store.sessions(OTHER, { limit: 10 })).rows, [])
      assert.equal((await store.session(LOCAL, claim.session)).title, 'hello')
      assert.equal(claim.stop.aborted, false)
    })
  })
}
