import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LogConflict, type Claim } from '../core/ports.ts'
import { LOCAL, START, offset } from '../wire/id.ts'
import { say, endAt, said, HandClock, type Now } from './kit.contract.ts'

export function claimPromises(now: Now): void {
  describe('claims', () => {
    test('runs come oldest first, and never two of one session at once', async () => {
      const { store, clock, begin, ask, claimsOf, isSettled } = now()
      const [one, two] = [await begin(), await begin()]
      const first = await ask(one, '1')
      const second = await ask(one, '2')
      const third = await ask(two, '3')
      const claims = claimsOf()
      const a: Claim = (await claims.next()).value
      const b: Claim = (await claims.next()).value
      assert.deepEqual([a.run, b.run], [first.run.id, third.run.id])
      assert.deepEqual([a.epoch, a.head, a.owner, a.message.text], [1, 0, LOCAL, '1'])
      assert.equal(a.submitted, Math.floor(clock.wall()))
      const next = claims.next()
      assert.equal(await isSettled(next), false)
      assert.deepEqual(await store.counts(), { active: 2, queued: 1 })
      await store.settle(b, START, [endAt(1)], said('3'))
      assert.equal(await isSettled(next), false)
      await store.settle(a, START, [endAt(1)], said('1'))
      assert.equal((await next).value.run, second.run.id)
    })

    test('a run is claimed once, however many workers wait', async () => {
      const { store, begin, ask, claimsOf, isSettled } = now()
      const session = await begin()
      const waiting = Array.from({ length: 10 }, () => claimsOf().next())
      await ask(session)
      const first: Claim = (await Promise.race(waiting)).value
      const others = await Promise.all(waiting.map((w) => isSettled(w)))
      assert.equal(others.filter(Boolean).length, 1)
      await store.settle(first, START, [endAt(1)], said('x'))
    })

    test('a released run is claimed again at once, with a higher epoch and its head', async () => {
      const { store, ask, take, claimed } = now()
      const first = await claimed()
      await ask(first.session, 'later')
      await store.append(first, START, [say(1, 'a'), say(2, 'b')])
      await store.release(first)
      await assert.rejects(store.append(first, offset(2), [say(3, 'c')]), LogConflict)
      const second = await take()
      assert.deepEqual([second.run, second.epoch, second.head], [first.run, 2, 2])
      await assert.rejects(store.append(first, offset(2), [say(3, 'c')]), LogConflict)
      await assert.rejects(store.settle(first, offset(2), [endAt(3)], said('')), LogConflict)
      await store.append(second, offset(2), [say(3, 'c')])
      await store.release(first)
      assert.equal((await store.run(LOCAL, second.run)).state, 'running')
    })

    test('a claimer that leaves takes nothing with it', async () => {
      const { store, begin, ask, claimsOf, take } = now()
      const session = await begin()
      const leave = new AbortController()
      const waiting = claimsOf(store, leave.signal).next()
      await turn()
      const submitted = ask(session)
      leave.abort()
      await submitted
      assert.equal((await waiting).done, true)
      assert.equal((await take()).session, session)
    })

    test('the lease of a claim is kept however long it takes', async () => {
      const { store, clock, world, claimsOf, claimed, isSettled } = now()
      const claim = await claimed()
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const waiting = claimsOf(peer).next()
      for (let i = 0; i < 40; i++) {
        clock.move(1000)
        assert.equal(await isSettled(waiting), false)
        other.move(1000)
      }
      await store.append(claim, START, [say(1, 'a')])
      assert.equal(claim.stop.aborted, false)
    })

    test('when a process hangs, its run goes to another with a higher epoch and its head, and it can write no more', async () => {
      const { store, clock, world, claimsOf, claimed, all, isSettled, passing } = now()
      const first = await claimed()
      await store.append(first, START, [say(1, 'a')])
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const waiting = claimsOf(peer).next()
      other.move(9000)
      assert.equal(await isSettled(waiting), false)
      const second: Claim = (await passing(other, waiting)).value
      assert.deepEqual([second.run, second.epoch, second.head], [first.run, 2, 1])
      await assert.rejects(store.append(first, offset(1), [say(2, 'x')]), LogConflict)
      assert.equal(first.stop.reason, 'lost')
      await peer.append(second, offset(1), [say(2, 'b')])
      await peer.settle(second, offset(2), [endAt(3)], said('ab'))
      assert.deepEqual(await passing(clock, all(first.run)), [say(1, 'a'), say(2, 'b'), endAt(3)])
    })

    test('a machine that slept keeps its claims if nobody else wanted them', async () => {
      const { store, clock, claimsOf, claimed, isSettled } = now()
      const claim = await claimed()
      const waiting = claimsOf().next()
      await turn()
      clock.move(3_600_000)
      assert.equal(await isSettled(waiting), false)
      assert.equal(claim.stop.aborted, false)
      await store.append(claim, START, [say(1, 'a')])
    })

    test('a clock that is set forward or back costs no claim, also when a message comes at that very moment', async () => {
      const { store, clock, begin, ask, claimsOf, claimed } = now()
      for (const ms of [3_600_000, -7_200_000]) {
        const claim = await claimed()
        clock.set(ms)
        const { run } = await ask(await begin())
        const next = await claimsOf().next()
        assert.equal(next.value?.run, run.id)
        assert.equal(claim.stop.aborted, false)
        await store.append(claim, START, [say(1, 'a')])
        await store.settle(next.value, START, [endAt(1)], said(''))
        await store.settle(claim, offset(1), [endAt(2)], said('a'))
      }
    })

    test('closing gives back what is claimed', async () => {
      const { store, clock, world, claimsOf, take, claimed, all } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      const peer = await world.another(new HandClock(clock.wall()))
      const reading = all(claim.run)
      const waiting = claimsOf().next()
      await turn()
      await store.close()
      assert.equal((await waiting).done, true)
      assert.equal((await reading).length, 1)
      assert.equal(claim.stop.reason, 'lost')
      await assert.rejects(store.append(claim, offset(1), [say(2, 'b')]))
      const again = await take(peer)
      assert.deepEqual([again.run, again.epoch, again.head], [claim.run, 2, 1])
    })
  })
}
