import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LOCAL, START } from '../wire/id.ts'
import type { News } from '../wire/message.ts'
import { endAt, HandClock, never, OTHER, said, type Now } from './kit.contract.ts'

export function feedPromises(now: Now): void {
  describe('the feed', () => {
    const reading = (after: number | null = null, owner = LOCAL, of = now().store) => {
      const leave = new AbortController()
      const feed = of.feed(owner, after, leave.signal)[Symbol.asyncIterator]()
      let at = -1
      const next = async (): Promise<readonly News[]> => {
        for (;;) {
          const { value, done } = await feed.next()
          if (done === true) return []
          at = value.at
          if (value.news.length > 0) return value.news
        }
      }
      return { next, feed, leave, at: () => at }
    }

    test('tells of each change of a session: message, begin and end of its run, name, removal and return', async () => {
      const { store, begin, ask, take } = now()
      const session = await begin()
      const { next } = reading()
      let waiting = next()
      const told = async () => {
        const news = await waiting
        waiting = next()
        return news.map(({ session, removed }) => [session, removed])
      }
      const changed = [[session, undefined]]
      await ask(session)
      assert.deepEqual(await told(), changed)
      const claim = await take()
      assert.deepEqual(await told(), changed)
      await store.settle(claim, START, [endAt(1)], said('a'))
      assert.deepEqual(await told(), changed)
      const again = await store.again(LOCAL, claim.run, { continues: false, key: null })
      assert.deepEqual(await told(), changed)
      await store.changeSession(LOCAL, session, { pinned: true })
      assert.deepEqual(await told(), changed)
      await store.removeSession(LOCAL, session)
      assert.deepEqual(await told(), [[session, true]])
      await store.restoreSession(LOCAL, session)
      assert.deepEqual(await told(), changed)
      assert.equal((await store.run(LOCAL, again.id)).state, 'queued')
      await begin()
      assert.equal((await told()).length, 1)
    })

    test('a reader that comes back is told what it missed, once for each session; one that comes first, nothing', async () => {
      const { store, begin } = now()
      const [a, b] = [await begin(), await begin()]
      const first = reading()
      const { next, leave } = first
      const waiting = next()
      await store.changeSession(LOCAL, a, { pinned: true })
      await waiting
      const at = first.at()
      leave.abort()
      await store.changeSession(LOCAL, b, { pinned: true })
      await store.changeSession(LOCAL, a, { pinned: false })
      await store.changeSession(LOCAL, a, { pinned: true })
      const back = reading(at)
      assert.deepEqual(
        (await back.next()).map((news) => news.session),
        [b, a],
      )
      const lost = reading(at + 1_000_000)
      const fresh = lost.next()
      await turn()
      await store.changeSession(LOCAL, b, { title: 'x' })
      assert.deepEqual(
        (await fresh).map((news) => news.session),
        [b],
      )
    })

    test('what was deleted takes no number with it: later changes are told', async () => {
      const { store, clock, begin } = now()
      const [a, b] = [await begin(), await begin()]
      const { next } = reading()
      const waiting = next()
      await store.removeSession(LOCAL, b)
      assert.deepEqual((await waiting)[0]?.removed, true)
      clock.set(3_700_000)
      await store.purge()
      const after = next()
      await turn()
      await store.changeSession(LOCAL, a, { pinned: true })
      assert.equal((await after)[0]?.session, a)
    })

    test("another owner's changes are not told", async () => {
      const { store, begin } = now()
      const theirs = reading(null, OTHER)
      const waiting = theirs.next()
      await begin()
      await store.changeSession(LOCAL, await begin(), { title: 'secret' })
      await turn()
      const news = reading(0, OTHER).next()
      const { id } = await store.createSession(OTHER, null)
      for (const told of [await waiting, await news])
        assert.deepEqual(
          told.map(({ session }) => session),
          [id],
        )
    })

    test('a change in one process is told in the other', async () => {
      const { clock, world, begin, passing } = now()
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const waiting = reading(null, LOCAL, peer).next()
      await turn()
      const session = await begin()
      assert.deepEqual(
        (await passing(other, waiting)).map((news) => news.session),
        [session],
      )
    })

    test('readers that come and go leave none behind, and the end of the store ends them', async () => {
      const { store } = now()
      for (let i = 0; i < 2000; i++) {
        const { feed, next, leave } = reading()
        const waiting = next()
        leave.abort()
        assert.deepEqual(await waiting, [])
        assert.equal((await feed.next()).done, true)
      }
      assert.equal(store.listeners, 0)
      const gone = new AbortController()
      gone.abort()
      for await (const _ of store.feed(LOCAL, null, gone.signal)) assert.fail()
      const feed = store.feed(LOCAL, null, never)[Symbol.asyncIterator]()
      await feed.next()
      const last = feed.next()
      await store.close()
      assert.equal((await last).done, true)
    })
  })
}
