import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { openMemory } from '../store/memory.ts'
import type { Entry } from '../wire/event.ts'
import { LOCAL, newMessageId, newWorkerId, START, type Offset } from '../wire/id.ts'
import { textOf } from '../wire/fold.ts'
import { Journal } from './journal.ts'
import { LogConflict, type Claim, type RunLog, type Store } from './ports.ts'
import { gate } from './testing/rig.ts'

async function claimed() {
  const store = openMemory({ clock: systemClock })
  const session = await store.createSession(LOCAL, null)
  await store.submit(LOCAL, {
    id: newMessageId(),
    session: session.id,
    text: 'hi',
    agent: null,
    backend: 'local',
    model: null,
    priority: 'interactive',
  })
  const stop = new AbortController()
  const { value } = await store.claims(newWorkerId(), stop.signal)[Symbol.asyncIterator]().next()
  return { store, claim: value as Claim }
}

/** The true store, with its appends held where a test wants them held. */
function held(
  store: RunLog & Store,
  hold: () => Promise<void>,
  seen: (entries: readonly Entry[]) => void,
): RunLog & Store {
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'append') {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      }
      return async (claim: Claim, after: Offset, entries: readonly Entry[]) => {
        seen(structuredClone(entries))
        await hold()
        return target.append(claim, after, entries)
      }
    },
  })
}

test('the first word does not wait, and what is written during an append is one append and one event', async () => {
  const { store, claim } = await claimed()
  const gates = [gate(), gate()]
  const appends: (readonly Entry[])[] = []
  const journal = new Journal({
    claim,
    clock: systemClock,
    store: held(
      store,
      () => gates[appends.length - 1]!.opened,
      (e) => appends.push(e),
    ),
  })
  journal.write({ type: 'text.delta', text: 'one' })
  assert.equal(appends.length, 1)
  for (const text of [' two', ' three', ' four']) journal.write({ type: 'text.delta', text })
  assert.equal(appends.length, 1)
  gates[0]!.open()
  gates[1]!.open()
  await journal.flushed()
  assert.deepEqual(
    appends.map((a) => a.map((e) => (e.event as { text: string }).text)),
    [['one'], [' two three four']],
  )
  assert.equal(textOf(journal.draft), 'one two three four')
  assert.deepEqual(
    (await store.page(claim.run, START, 10)).map((e) => e.at),
    [1, 2],
  )
  await store.close()
})

test('thoughts and words are never merged with each other, and order is kept', async () => {
  const { store, claim } = await claimed()
  const journal = new Journal({ claim, clock: systemClock, store })
  journal.write(
    { type: 'text.delta', text: 'a' },
    { type: 'thought.delta', text: 'b' },
    { type: 'thought.delta', text: 'c' },
    { type: 'text.delta', text: 'd' },
  )
  await journal.flushed()
  assert.deepEqual(
    (await store.page(claim.run, START, 10)).map((e) => e.event),
    [
      { type: 'text.delta', text: 'a' },
      { type: 'thought.delta', text: 'bc' },
      { type: 'text.delta', text: 'd' },
    ],
  )
  await store.close()
})

test('a writer whose claim was taken over is told at the next word, and writes nothing', async () => {
  const { store, claim } = await claimed()
  const journal = new Journal({ claim: { ...claim, epoch: claim.epoch - 1 }, clock: systemClock, store })
  journal.write({ type: 'text.delta', text: 'zombie' })
  await assert.rejects(journal.flushed(), LogConflict)
  assert.equal(journal.broken.aborted, true)
  assert.deepEqual(await store.page(claim.run, START, 10), [])
  await store.close()
})

test('nothing can be written after the end', async () => {
  const { store, claim } = await claimed()
  const journal = new Journal({ claim, clock: systemClock, store })
  journal.write({ type: 'text.delta', text: 'a' })
  await journal.settle({ type: 'run.end', reason: 'done' }, (draft) => ({
    text: textOf(draft),
    agent: null,
    model: null,
    reason: 'done',
    fault: null,
    finish: null,
    remote: null,
  }))
  assert.throws(() => journal.write({ type: 'text.delta', text: 'b' }), /after the run's end/)
  const entries = await store.page(claim.run, START, 10)
  assert.equal(entries.at(-1)?.event.type, 'run.end')
  assert.equal((await store.messages(LOCAL, claim.session, { limit: 5 })).rows.at(-1)?.text, 'a')
  await store.close()
})

test('the number of events and bytes in the log grows as the answer does', async () => {
  const size = async (words: number) => {
    const { store, claim } = await claimed()
    const journal = new Journal({ claim, clock: systemClock, store })
    for (let i = 0; i < words; i++) {
      journal.write({ type: 'text.delta', text: `word${i % 10} ` })
      await journal.flushed()
    }
    const bytes = JSON.stringify(await store.page(claim.run, START, words * 2)).length
    await store.close()
    return bytes
  }
  const ratio = (await size(2000)) / (await size(500))
  assert.ok(ratio > 3.8 && ratio < 4.4, `4 times the words are ${ratio.toFixed(2)} times the bytes`)
})
