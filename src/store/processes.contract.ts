import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { type Claim } from '../core/ports.ts'
import { LOCAL, START, offset } from '../wire/id.ts'
import { say, endAt, said, HandClock, type Now } from './kit.contract.ts'

export function processPromises(now: Now): void {
  describe('two processes', () => {
    test('one submits, the other executes, and a reader in the first follows to the end', async () => {
      const { clock, world, begin, ask, claimsOf, all, passing } = now()
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const waiting = claimsOf(peer).next()
      const session = await begin()
      const { run } = await ask(session)
      const claim: Claim = (await passing(other, waiting)).value
      assert.equal(claim.run, run.id)
      const reading = all(run.id)
      await turn()
      await peer.append(claim, START, [say(1, 'a')])
      await peer.settle(claim, offset(1), [endAt(2)], said('a'))
      assert.deepEqual(await passing(clock, reading), [say(1, 'a'), endAt(2)])
    })

    test('cancelling in one stops the claim in the other', async () => {
      const { store, clock, world, begin, ask, take, passing } = now()
      const session = await begin()
      const { run } = await ask(session)
      const other = new HandClock(clock.wall())
      const peer = await world.another(other)
      const claim = await take(peer)
      assert.equal(claim.run, run.id)
      await store.cancel(LOCAL, run.id)
      const stopped = new Promise((resolve) => {
        claim.stop.addEventListener('abort', resolve)
        if (claim.stop.aborted) resolve(null)
      })
      await passing(other, stopped)
      assert.equal(claim.stop.reason, 'cancelled')
    })
  })
}
