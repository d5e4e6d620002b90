import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { AgentName, CallId, LOCAL, newRunId, newWorkerId, type RunId } from '../wire/id.ts'
import { fails as fault, OTHER, type Now } from './kit.contract.ts'

const WISH = { backend: 'local', model: null, priority: 'interactive' } as const
const MOST = { deepest: 3, children: 8 }

export function childPromises(now: Now): void {
  describe('what a run hands on', () => {
    const task = (call: string, text = 'part') => ({ agent: AgentName.parse('worker'), call: CallId.parse(call), text })
    const begun = async () => {
      const { store, clock, message } = now()
      const { id } = await store.createSession(LOCAL, null)
      const { run } = await store.submit(LOCAL, message(id))
      const hand = (parent: RunId, call: string, most = MOST, owner = LOCAL) =>
        store.acts.delegate({ owner, run: parent, wish: WISH }, task(call), most)
      return { store, clock, session: id, run: run.id, hand }
    }

    test('is a run with a session and a message of its own; the same call gives the same one', async () => {
      const { store, run, hand, session } = await begun()
      const child = await hand(run, 'c1')
      assert.equal((await hand(run, 'c1')).id, child.id)
      assert.notEqual((await hand(run, 'c2')).id, child.id)
      assert.notEqual(child.session, session)
      const { rows } = await store.messages(LOCAL, child.session, { limit: 9 })
      assert.deepEqual(
        rows.map((row) => [row.role, row.text, row.run]),
        [['user', 'part', child.id]],
      )
    })

    test('is in no list, in no search and in no news of its own; what happens there is news of the session above', async () => {
      const { store, run, hand, session } = await begun()
      const child = await hand(run, 'c1')
      const shown = (await store.sessions(LOCAL, { show: 'all', limit: 9 })).rows.map(({ id }) => id)
      assert.deepEqual(shown, [session])
      assert.deepEqual((await store.search(LOCAL, { q: 'part', limit: 9 })).rows, [])
      const leave = new AbortController()
      const feed = store.feed(LOCAL, 0, leave.signal)[Symbol.asyncIterator]()
      const told = new Set<string>()
      for (let i = 0; i < 2; i++) for (const { session: id } of (await feed.next()).value?.news ?? []) told.add(id)
      leave.abort()
      assert.deepEqual([...told], [session])
      await store.cancel(LOCAL, child.id)
    })

    test('is stopped with it, at every depth, and is stopped when it ends', async () => {
      const { store, run, hand } = await begun()
      const child = await hand(run, 'c1')
      const grand = await hand(child.id, 'c1')
      await store.cancel(LOCAL, run)
      const leave = new AbortController()
      const ends = new Set<string>()
      for await (const claim of store.claims(newWorkerId(), leave.signal)) {
        assert.equal(claim.stop.reason, 'cancelled')
        ends.add(claim.run)
        if (ends.size === 3) leave.abort()
      }
      assert.deepEqual(ends, new Set([run, child.id, grand.id]))
      await assert.rejects(hand(run, 'late'), fault('child.late'))
    })

    test('is bounded in depth and number, and is another owner’s as missing', async () => {
      const { run, hand } = await begun()
      const most = { deepest: 1, children: 2 }
      const child = await hand(run, 'c1', most)
      await assert.rejects(hand(child.id, 'c1', most), fault('child.deep'))
      await hand(run, 'c2', most)
      await assert.rejects(hand(run, 'c3', most), fault('child.many'))
      assert.equal((await hand(run, 'c2', most)).state, 'queued')
      await assert.rejects(hand(run, 'c9', MOST, OTHER), fault('run.missing'))
      await assert.rejects(hand(newRunId(), 'c9'), fault('run.missing'))
    })

    test('goes with the session above, comes back with it, and is gone with it', async () => {
      const { store, clock, run, hand, session } = await begun()
      const child = await hand(run, 'c1')
      await store.removeSession(LOCAL, session)
      await assert.rejects(store.run(LOCAL, child.id), fault('run.missing'))
      await store.restoreSession(LOCAL, session)
      assert.equal((await store.run(LOCAL, child.id)).id, child.id)
      await store.removeSession(LOCAL, session)
      clock.move(3_600_001)
      await store.purge()
      await assert.rejects(store.run(LOCAL, child.id), fault('run.missing'))
      assert.deepEqual(await store.counts(), { active: 0, queued: 0 })
    })
  })
}
