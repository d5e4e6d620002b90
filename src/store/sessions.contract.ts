import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LogConflict } from '../core/ports.ts'
import { LOCAL, START, newAskId, newRunId, newSessionId, offset, type SessionId } from '../wire/id.ts'
import { say, endAt, said, fails, OTHER, type Now } from './kit.contract.ts'

const YES = { allow: true, scope: 'once' } as const

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
      const renamed = await store.changeSession(LOCAL, session, { title: 'Workshop' })
      assert.deepEqual([renamed.title, renamed.named], ['Workshop', true])
      const named = await store.createSession(LOCAL, 'Mine')
      await ask(named.id, 'something else')
      const after = await store.session(LOCAL, named.id)
      assert.deepEqual([after.title, after.named], ['Mine', true])
    })

    test('what a person changes of one is there afterwards, and the rest stays', async () => {
      const { store, begin, ask } = now()
      const session = await begin()
      await ask(session, 'hello')
      const told = async () => {
        const { title, named, pinned, folder, archived } = await store.session(LOCAL, session)
        return [title, named, pinned, folder, archived]
      }
      assert.deepEqual(await told(), ['hello', false, false, null, false])
      await store.changeSession(LOCAL, session, { pinned: true, folder: 'work' })
      assert.deepEqual(await told(), ['hello', false, true, 'work', false])
      await store.changeSession(LOCAL, session, { archived: true })
      await store.changeSession(LOCAL, session, {})
      assert.deepEqual(await told(), ['hello', false, true, 'work', true])
      const changed = await store.changeSession(LOCAL, session, { pinned: false, folder: null, archived: false })
      assert.deepEqual(changed, await store.session(LOCAL, session))
      assert.deepEqual(await told(), ['hello', false, false, null, false])
    })

    test('the list shows those that are open, pinned, archived or in a folder, page by page', async () => {
      const { store, begin } = now()
      const names = new Map<SessionId, string>()
      for (const [name, change] of [
        ['plain', {}],
        ['pinned', { pinned: true }],
        ['filed', { folder: 'work' }],
        ['put away', { archived: true, pinned: true, folder: 'work' }],
      ] as const) {
        const id = await begin()
        await store.changeSession(LOCAL, id, change)
        names.set(id, name)
      }
      const list = async (which: object) => {
        const all: (string | undefined)[] = []
        let before: string | undefined
        do {
          const page = await store.sessions(LOCAL, { ...which, limit: 1, before })
          all.push(...page.rows.map(({ id }) => names.get(id)))
          before = page.next ?? undefined
        } while (before !== undefined)
        return all
      }
      assert.deepEqual(await list({}), ['filed', 'pinned', 'plain'])
      assert.deepEqual(await list({ show: 'open' }), ['filed', 'pinned', 'plain'])
      assert.deepEqual(await list({ show: 'pinned' }), ['pinned'])
      assert.deepEqual(await list({ show: 'archived' }), ['put away'])
      assert.deepEqual(await list({ show: 'all' }), ['put away', 'filed', 'pinned', 'plain'])
      assert.deepEqual(await list({ folder: 'work' }), ['filed'])
      assert.deepEqual(await list({ folder: 'work', show: 'all' }), ['put away', 'filed'])
      assert.deepEqual(await list({ folder: '' }), ['pinned', 'plain'])
    })

    test('removing one stops its runs, which get their end, and all of it is as missing', async () => {
      const { store, ask, message, take, claimed, all } = now()
      const claim = await claimed()
      await ask(claim.session, 'next')
      await store.append(claim, START, [say(1, 'a')])
      const reading = all(claim.run)
      await turn()
      await store.removeSession(LOCAL, claim.session)
      assert.equal(claim.stop.reason, 'cancelled')
      const waited = await take()
      assert.equal(waited.stop.reason, 'cancelled')
      await store.settle(waited, START, [endAt(1, 'cancelled')], said('', 'cancelled'))
      await store.settle(claim, offset(1), [endAt(2, 'cancelled')], said('a', 'cancelled'))
      assert.deepEqual(await reading, [say(1, 'a'), endAt(2, 'cancelled')])
      const [missing, gone] = [fails('session.missing'), fails('run.missing')]
      const { session, run } = claim
      await assert.rejects(store.session(LOCAL, session), missing)
      await assert.rejects(store.changeSession(LOCAL, session, { title: 'x' }), missing)
      await assert.rejects(store.messages(LOCAL, session, { limit: 1 }), missing)
      await assert.rejects(store.submit(LOCAL, message(session)), missing)
      await assert.rejects(store.removeSession(LOCAL, session), missing)
      await assert.rejects(store.run(LOCAL, run), gone)
      await assert.rejects(store.cancel(LOCAL, run), gone)
      await assert.rejects(store.again(LOCAL, run, { continues: false, key: null }), gone)
      await assert.rejects(store.acts.answer(LOCAL, run, newAskId(), YES), gone)
      assert.deepEqual((await store.sessions(LOCAL, { show: 'all', limit: 9 })).rows, [])
      assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
    })

    test('one that was removed comes back with all it held within the hour, and not later', async () => {
      const { store, clock, claimed } = now()
      const claim = await claimed()
      await store.settle(claim, START, [endAt(1)], said('a'))
      await store.changeSession(LOCAL, claim.session, { pinned: true })
      const before = await store.session(LOCAL, claim.session)
      assert.deepEqual(await store.restoreSession(LOCAL, claim.session), before)
      await store.removeSession(LOCAL, claim.session)
      await assert.rejects(store.restoreSession(OTHER, claim.session), fails('session.missing'))
      clock.move(3_599_000)
      assert.equal(await store.purge(), 1001)
      assert.deepEqual(await store.restoreSession(LOCAL, claim.session), before)
      assert.equal((await store.messages(LOCAL, claim.session, { limit: 9 })).rows.length, 2)
      assert.equal((await store.run(LOCAL, claim.run)).reason, 'done')
      await store.removeSession(LOCAL, claim.session)
      clock.move(3_601_000)
      await assert.rejects(store.restoreSession(LOCAL, claim.session), fails('session.missing'))
    })

    test('what was removed is deleted an hour later, whoever still holds its run, and nothing else is', async () => {
      const { store, clock, begin, ask, claimed, all } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      const kept = await begin()
      const { run } = await ask(kept)
      assert.equal(await store.purge(), null)
      await store.removeSession(LOCAL, claim.session)
      const reading = all(claim.run, offset(1))
      clock.set(3_601_000)
      assert.equal(await store.purge(), null)
      assert.deepEqual(
        (await reading).map(({ at, event }) => [at, event]),
        [[2, endAt(2, 'cancelled').event]],
      )
      await assert.rejects(store.append(claim, offset(1), [say(2, 'b')]), LogConflict)
      await assert.rejects(store.settle(claim, offset(1), [endAt(2)], said('a')), LogConflict)
      await store.release(claim)
      await assert.rejects(store.page(claim.run, START, 1), fails('run.missing'))
      assert.equal((await store.run(LOCAL, run.id)).state, 'queued')
      assert.deepEqual(await store.counts(), { active: 0, queued: 1 })
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
        await assert.rejects(store.changeSession(owner, session, { title: 'x' }), missing)
        await assert.rejects(store.removeSession(owner, session), missing)
        await assert.rejects(store.messages(owner, session, { limit: 1 }), missing)
        await assert.rejects(store.submit(owner, message(session)), missing)
        await assert.rejects(store.restoreSession(owner, session), missing)
        await assert.rejects(store.run(owner, run), gone)
        await assert.rejects(store.again(owner, run, { continues: false, key: null }), gone)
        await assert.rejects(store.cancel(owner, run), gone)
        await assert.rejects(store.acts.answer(owner, run, newAskId(), YES), gone)
      }
      assert.deepEqual((await store.sessions(OTHER, { limit: 10 })).rows, [])
      assert.equal((await store.session(LOCAL, claim.session)).title, 'hello')
      assert.equal(claim.stop.aborted, false)
    })
  })
}
