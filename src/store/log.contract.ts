import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { LogConflict } from '../core/ports.ts'
import type { Entry } from '../wire/event.ts'
import { LOCAL, START, newRunId, offset } from '../wire/id.ts'
import { say, endAt, said, fails, never, type Now } from './kit.contract.ts'

export function logPromises(now: Now): void {
  describe('the log', () => {
    test('a reader gets everything after any offset, in order and without gaps', async () => {
      const { store, claimed, all } = now()
      const claim = await claimed()
      assert.equal(await store.append(claim, START, [say(1, 'a')]), 1)
      assert.equal(await store.append(claim, offset(1), [say(2, 'b'), say(3, 'c'), say(4, 'd')]), 4)
      await store.settle(claim, offset(4), [say(5, 'e'), endAt(6)], said('abcde'))
      const whole = [say(1, 'a'), say(2, 'b'), say(3, 'c'), say(4, 'd'), say(5, 'e'), endAt(6)]
      for (let after = 0; after <= 6; after++)
        assert.deepEqual(await all(claim.run, offset(after)), whole.slice(after), `after ${after}`)
      assert.deepEqual(await all(claim.run, offset(99)), [])
    })

    test('the same append again succeeds and writes nothing', async () => {
      const { store, claimed, all } = now()
      const claim = await claimed()
      const batch = [say(1, 'a'), say(2, 'b')]
      await store.append(claim, START, batch)
      assert.equal(await store.append(claim, START, batch), 2)
      await store.append(claim, offset(2), [say(3, 'c')])
      assert.equal(await store.append(claim, START, batch), 2)
      await store.settle(claim, offset(3), [endAt(4)], said('abc'))
      await store.settle(claim, offset(3), [endAt(4)], said('abc'))
      assert.equal(await store.append(claim, START, batch), 2)
      assert.deepEqual(await all(claim.run), [...batch, say(3, 'c'), endAt(4)])
      assert.equal((await store.messages(LOCAL, claim.session, { limit: 10 })).rows.length, 2)
    })

    test('an append at a wrong offset, or with other content at the same one, is a conflict that nobody sees', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      await assert.rejects(store.append(claim, START, [say(1, 'x')]), LogConflict)
      await assert.rejects(store.append(claim, START, [say(1, 'a'), say(2, 'b')]), LogConflict)
      await assert.rejects(store.append(claim, offset(5), [say(6, 'x')]), LogConflict)
      assert.deepEqual(await store.page(claim.run, START, 10), [say(1, 'a')])
      assert.equal(claim.stop.aborted, false)
    })

    test('entries that skip an offset, or an end that is not the end, are a bug and not written', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await assert.rejects(store.append(claim, START, [say(2, 'a')]), RangeError)
      await assert.rejects(store.append(claim, START, [say(1, 'a'), say(3, 'b')]), RangeError)
      await assert.rejects(store.append(claim, START, [endAt(1)]), RangeError)
      await assert.rejects(store.settle(claim, START, [say(1, 'a')], said('')), RangeError)
      await assert.rejects(store.settle(claim, START, [], said('')), RangeError)
      assert.equal(await store.append(claim, START, []), 0)
      assert.deepEqual(await store.page(claim.run, START, 10), [])
    })

    test('a reader that was there first gets what comes, and ends after the end', async () => {
      const { store, begin, ask, take, all, isSettled } = now()
      const session = await begin()
      const { run } = await ask(session)
      const reading = all(run.id)
      const claim = await take()
      await store.append(claim, START, [say(1, 'a')])
      await store.append(claim, offset(1), [say(2, 'b')])
      assert.equal(await isSettled(reading), false)
      await store.settle(claim, offset(2), [endAt(3)], said('ab'))
      assert.deepEqual(await reading, [say(1, 'a'), say(2, 'b'), endAt(3)])
      assert.equal(store.listeners, 0)
    })

    test('aborting ends a reader quietly, before it began, between entries and while it waits', async () => {
      const { store, claimed, isSettled } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      const before = store.read(claim.run, START, AbortSignal.abort())[Symbol.asyncIterator]()
      assert.equal((await before.next()).done, true)
      const leave = new AbortController()
      const reading = store.read(claim.run, START, leave.signal)[Symbol.asyncIterator]()
      assert.equal((await reading.next()).done, false)
      const waiting = reading.next()
      assert.equal(await isSettled(waiting), false)
      leave.abort()
      assert.equal((await waiting).done, true)
      assert.equal(store.listeners, 0)
    })

    test('twenty readers get the same entries, and at the tip the same arrays', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const readers = Array.from({ length: 20 }, async () => {
        const batches: (readonly Entry[])[] = []
        for await (const batch of store.read(claim.run, START, never)) batches.push(batch)
        return batches
      })
      await turn()
      for (let at = 1; at <= 50; at++) await store.append(claim, offset(at - 1), [say(at, `${at}`)])
      await store.settle(claim, offset(50), [endAt(51)], said('x'))
      const [first, ...others] = await Promise.all(readers)
      assert.equal(first?.flat().length, 51)
      for (const other of others) {
        assert.deepEqual(other.flat(), first?.flat())
        assert.equal(other.at(-1), first?.at(-1))
      }
    })

    test('a reader that leaves changes nothing for the run and the others', async () => {
      const { store, claimed, all } = now()
      const claim = await claimed()
      const stays = all(claim.run)
      await store.append(claim, START, [say(1, 'a')])
      for await (const batch of store.read(claim.run, START, never)) {
        assert.equal(batch.length, 1)
        break
      }
      await store.append(claim, offset(1), [say(2, 'b')])
      await store.settle(claim, offset(2), [endAt(3)], said('ab'))
      assert.equal((await stays).length, 3)
      assert.equal(claim.stop.aborted, false)
    })

    test('ten thousand readers that come and go leave none behind', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      await store.append(claim, START, [say(1, 'a')])
      for (let i = 0; i < 100; i++) {
        const leave = new AbortController()
        const readers = Array.from({ length: 100 }, async () => {
          for await (const batch of store.read(claim.run, START, leave.signal)) assert.equal(batch.length, 1)
        })
        await turn()
        assert.equal(store.listeners, 100)
        leave.abort()
        await Promise.all(readers)
      }
      assert.equal(store.listeners, 0)
    })

    test('a reader far behind a long log misses nothing, wherever it begins', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const text = 'long '.repeat(400)
      const behind = store.read(claim.run, START, never)[Symbol.asyncIterator]()
      const waiting = behind.next()
      let head = 0
      for (let i = 0; i < 200; i++) {
        const batch = [say(head + 1, text), say(head + 2, `${i}`), say(head + 3, text)]
        head = await store.append(claim, offset(head), batch)
      }
      await store.settle(claim, offset(head), [endAt(head + 1)], said('x'))
      const offsets = async (from: AsyncIterable<readonly Entry[]>) => {
        const found: number[] = []
        for await (const batch of from) found.push(...batch.map((e) => e.at))
        return found
      }
      const expected = Array.from({ length: 601 }, (_, i) => i + 1)
      const first = await waiting
      const rest = await offsets({ [Symbol.asyncIterator]: () => behind })
      assert.deepEqual([...first.value.map((e: Entry) => e.at), ...rest], expected)
      for (const after of [1, 2, 299, 300, 301, 575, 599, 600])
        assert.deepEqual(await offsets(store.read(claim.run, offset(after), never)), expected.slice(after))
      assert.deepEqual(
        (await store.page(claim.run, offset(100), 250)).map((e) => e.at),
        expected.slice(100, 350),
      )
    })

    test('what is in the log cannot be changed by who wrote it', async () => {
      const { store, claimed } = now()
      const claim = await claimed()
      const entry = say(1, 'a')
      await store.append(claim, START, [entry])
      if (entry.event.type === 'text.delta') entry.event.text = 'changed'
      assert.deepEqual(await store.page(claim.run, START, 10), [say(1, 'a')])
    })

    test('a log that does not exist is missing', async () => {
      const { store, all } = now()
      await assert.rejects(all(newRunId()), fails('run.missing'))
      await assert.rejects(store.page(newRunId(), START, 1), fails('run.missing'))
    })
  })
}
