import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Speed } from '../wire/model.ts'
import { narrate, type Narrated } from './narrate.ts'
import type { ModelEvent } from './ports.ts'
import { handClock } from './testing/hand-clock.ts'

const turn = () => new Promise(setImmediate)
const SPEED: Speed = { read: 1000, write: 10, loadMs: 4000, answer: 100, answers: 3 }
const text = (it: string): ModelEvent => ({ type: 'text.delta', text: it })
const reading = (done: number, total: number, over = {}): ModelEvent => ({
  type: 'phase',
  phase: 'reading',
  done,
  total,
  unit: 'tokens',
  ...over,
})
type Heard = { t: number; event: ModelEvent }

/** A backend that says what the test lets it say, and all that comes of it with the moment in which it came. */
function narrated(given: Partial<Narrated> = {}) {
  const clock = handClock()
  const stop = new AbortController()
  const waiting: (readonly ModelEvent[])[] = []
  let ring = () => {}
  const its = { ended: false }
  let closed = false
  async function* backend() {
    try {
      while (!its.ended) {
        const batch = waiting.shift()
        if (batch) yield batch
        else await new Promise<void>((resolve) => (ring = resolve))
      }
    } finally {
      closed = true
    }
  }
  const heard: Heard[] = []
  const batches: (readonly ModelEvent[])[] = []
  const known = { speed: null, toRead: null, bytes: null, ...given }
  const over = (async () => {
    for await (const batch of narrate(backend(), { clock, stop: stop.signal, ...known })) {
      batches.push(batch)
      for (const event of batch) heard.push({ t: clock.now(), event })
    }
  })()
  return {
    clock,
    stop,
    heard,
    batches,
    over,
    closed: () => closed,
    say: async (...batch: ModelEvent[]) => {
      waiting.push(batch)
      ring()
      await turn()
    },
    end: async () => {
      its.ended = true
      ring()
      await over
    },
    /** Time goes by in steps that no timer misses. */
    pass: async (ms: number) => {
      for (let gone = 0; gone < ms; gone += 100) {
        clock.move(100)
        await turn()
      }
    },
    /** What it said by itself. */
    own: () => heard.flatMap(({ event }) => (event.type === 'phase' && event.estimated ? [event] : [])),
  }
}

test('what the backend says is passed on as it came, batch by batch, and while it talks nothing is added', async () => {
  const it = narrated()
  const batches: ModelEvent[][] = [
    [{ type: 'model.open' }, text('a')],
    [text('b'), text('c')],
    [{ type: 'thought.delta', text: 'd' }],
    [
      { type: 'usage', input: 1, cached: 0, output: 2 },
      { type: 'model.end', finish: 'stop' },
    ],
  ]
  for (const batch of batches) {
    await it.say(...batch)
    await it.pass(800)
  }
  await it.end()
  assert.deepEqual(it.batches, batches)
  assert.equal(it.clock.pending, 0)
})

test('whatever a backend leaves unsaid, no second is silent, and each phase is the one that is on', async () => {
  const it = narrated()
  await it.pass(2000)
  await it.say({ type: 'model.open' })
  await it.pass(2000)
  await it.say({ type: 'phase', phase: 'loading', model: 'big' })
  await it.pass(2000)
  await it.say({ type: 'thought.delta', text: 'hmm' })
  await it.pass(2000)
  await it.say(text('one '), text('two'))
  await it.pass(2000)
  await it.say({ type: 'tool.call', id: '1', tool: 'clock', input: {} })
  await it.pass(2000)
  await it.end()
  assert.deepEqual(
    it.own().map((e) => [e.phase, e.done, e.unit, e.model]),
    [
      ['starting', 1, 's', undefined],
      ['starting', 2, 's', undefined],
      ['reading', 1, 's', undefined],
      ['reading', 2, 's', undefined],
      ['loading', 1, 's', 'big'],
      ['loading', 2, 's', 'big'],
      ['thinking', 3, 'characters', undefined],
      ['thinking', 3, 'characters', undefined],
      ['answering', 7, 'characters', undefined],
      ['answering', 7, 'characters', undefined],
      ['calling', 1, 's', undefined],
      ['calling', 2, 's', undefined],
    ],
  )
  for (const [i, { t }] of it.heard.entries()) assert.ok(t - (it.heard[i - 1]?.t ?? 0) <= 1000)
})

test('what leaves no trace in the log does not keep it silent, and words without letters are no answer', async () => {
  const it = narrated()
  await it.say({ type: 'model.open' })
  for (let i = 0; i < 5; i++) {
    await it.say(text(''), { type: 'thought.delta', text: '' }, { type: 'model.open' })
    await it.pass(400)
  }
  await it.end()
  assert.deepEqual(
    it.own().map((e) => e.phase),
    ['reading', 'reading'],
  )
})

test('reading that nobody reports is estimated by what is remembered, and never said to be over', async () => {
  const it = narrated({ speed: SPEED, toRead: 2000 })
  await it.say({ type: 'model.open' })
  await it.pass(4500)
  assert.deepEqual(
    it.own().map(({ done, total, etaMs }) => [done, total, etaMs]),
    [
      [900, 2000, 1100],
      [1800, 2000, 200],
      [1999, 2000, 68],
      [1999, 2000, 90],
      [1999, 2000, 113],
    ],
  )
  await it.end()
})

test('between two reports of a backend the pace of this answer counts, never past what it would have reported', async () => {
  const it = narrated({ speed: { ...SPEED, read: 5 } })
  await it.say({ type: 'model.open' })
  await it.say(reading(0, 4000))
  await it.pass(800)
  await it.say(reading(256, 4000))
  await it.pass(900)
  await it.say(reading(512, 4000))
  await it.pass(3000)
  await it.say(reading(768, 4000))
  await it.end()
  const shown = it.heard.flatMap(({ event }) => (event.type === 'phase' && event.done !== undefined ? [event] : []))
  assert.deepEqual(
    shown.map((e) => [e.done, e.estimated ?? false]),
    [
      [0, false],
      [256, false],
      [511, true],
      [512, false],
      [767, true],
      [767, true],
      [767, true],
      [768, false],
    ],
  )
  for (const { etaMs } of shown) assert.ok(etaMs !== undefined && etaMs > 0, 'each has a time')
  assert.equal(shown[1]!.etaMs, ((4000 - 256) * 800) / 256)
})

test("a backend's own numbers and times are never changed, and the pace it gave is gone on with", async () => {
  const it = narrated({ speed: SPEED })
  const own = reading(1000, 3000, { etaMs: 10_000 })
  await it.say(own)
  await it.pass(900)
  await it.say(reading(3000, 3000, { etaMs: 0 }))
  await it.pass(900)
  await it.end()
  assert.deepEqual(it.batches[0], [own])
  const [between, whole] = it.own()
  assert.deepEqual([between?.done, between?.total, between?.etaMs], [1180, 3000, 9100])
  assert.deepEqual([whole?.done, whole?.total, whole?.etaMs], [3000, 3000, undefined])
})

test('estimates do not run back behind what was shown, also when the backend is slower than its own pace', async () => {
  const it = narrated({ speed: SPEED })
  await it.say(reading(0, 10_000))
  await it.pass(2700)
  await it.say(reading(1000, 10_000))
  await it.pass(2700)
  await it.end()
  let last = 0
  for (const { event } of it.heard)
    if (event.type === 'phase' && event.done !== undefined) {
      if (event.estimated) assert.ok(event.done >= last, `${event.done} after ${last}`)
      last = event.done
    }
})

test('what a backend only repeats gets the numbers that are known, whatever the rhythm of its repeating', async () => {
  const it = narrated({ speed: SPEED, toRead: 4000 })
  for (let i = 0; i < 4; i++) {
    await it.say({ type: 'phase', phase: 'reading' })
    await it.pass(700)
  }
  await it.end()
  assert.deepEqual(
    it.heard.map(({ event }) => (event.type === 'phase' ? event.done : null)),
    [undefined, 700, 1400, 2100],
  )
  const starting: ModelEvent = { type: 'phase', phase: 'starting' }
  const other = narrated()
  await other.say(starting)
  await other.end()
  assert.deepEqual(other.batches, [[starting]], 'the first time it is no repetition')
})

test('loading is measured against how long it took before, else against its size, and what overruns is not said to be over', async () => {
  const known = narrated({ speed: SPEED })
  await known.say({ type: 'phase', phase: 'loading' })
  await known.pass(7200)
  await known.end()
  const told = known.own()
  assert.deepEqual([told[0]?.done, told[0]?.total, told[0]?.etaMs, told[0]?.unit], [1, 4, 3100, 's'])
  assert.deepEqual([told.at(-1)?.done, told.at(-1)?.total, told.at(-1)?.etaMs], [7, 8, 180])
  const sized = narrated({ bytes: 5e9 })
  await sized.say({ type: 'phase', phase: 'loading' })
  await sized.pass(900)
  await sized.end()
  assert.ok(sized.own()[0]!.etaMs! > 5000)
})

test('seconds of loading go on between what the backend says of them', async () => {
  const it = narrated()
  await it.say({ type: 'phase', phase: 'loading', done: 0.5, total: 2.4, unit: 's', etaMs: 1900 })
  await it.pass(1800)
  await it.end()
  assert.deepEqual(
    it.own().map(({ done, total, unit }) => [done, total, unit]),
    [
      [1.4, 2.4, 's'],
      [2.3, 2.4, 's'],
    ],
  )
})

test('after a stop it says nothing more of its own, and is over when the backend is', async () => {
  const it = narrated()
  await it.say({ type: 'model.open' })
  it.stop.abort()
  await it.pass(3000)
  assert.deepEqual(it.own(), [])
  await it.end()
  assert.equal(it.clock.pending, 0)
})

test('who leaves closes the backend, and no timer is left', async () => {
  const clock = handClock()
  let closed = false
  async function* backend() {
    try {
      yield [text('a')]
      yield [text('b')]
    } finally {
      closed = true
    }
  }
  const given = { clock, stop: new AbortController().signal, speed: null, toRead: null, bytes: null }
  for await (const batch of narrate(backend(), given)) {
    assert.equal(batch.length, 1)
    break
  }
  assert.deepEqual([closed, clock.pending], [true, 0])
})
