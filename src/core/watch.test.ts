import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LogLine, ModelEvent } from './ports.ts'
import { gate } from './testing/rig.ts'
import { handClock } from './testing/hand-clock.ts'
import { watch } from './watch.ts'

const limits = { connectMs: 10, firstMs: 100, betweenMs: 50 }
const text: ModelEvent = { type: 'text.delta', text: 'x' }
const reading = (done?: number): ModelEvent => ({
  type: 'phase',
  phase: 'reading',
  ...(done === undefined ? {} : { done, total: 100 }),
})

/** What a stream of `steps` becomes; a number moves the clock, a promise holds. */
function watched(steps: readonly (ModelEvent | number | 'hang')[], over: Partial<Parameters<typeof watch>[1]> = {}) {
  const clock = handClock()
  const lines: LogLine[] = []
  const closed = gate()
  const open = async function* (signal: AbortSignal): AsyncGenerator<readonly ModelEvent[]> {
    try {
      for (const step of steps) {
        if (typeof step === 'number') clock.move(step)
        else if (step === 'hang')
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
        else yield [step]
        if (signal.aborted) return
      }
    } finally {
      closed.open()
    }
  }
  const stream = watch(open, {
    limits,
    clock,
    say: (l) => lines.push(l),
    endpoint: 'here',
    stop: new AbortController().signal,
    ...over,
  })
  const all = async () => {
    const events: ModelEvent[] = []
    for await (const batch of stream) events.push(...batch)
    return events
  }
  return { clock, lines, stream, all, closed: closed.opened }
}

const failure = (events: readonly ModelEvent[]) => {
  const last = events.at(-1)
  assert.ok(last?.type === 'model.fail', `ended with ${last?.type}`)
  return last.fault
}

test('a connection that is not accepted in time is a fault of its own', async () => {
  const { all, clock, closed } = watched(['hang'])
  const events = all()
  clock.move(11)
  assert.equal(failure(await events).code, 'watch.connect')
  await closed
})

test('silence before the first word is a fault that names the phase, and counts from the last progress', async () => {
  const { all, clock } = watched([{ type: 'model.open' }, reading(1), 'hang'])
  const events = all()
  await new Promise(setImmediate)
  clock.move(99)
  clock.move(2)
  const fault = failure(await events)
  assert.equal(fault.code, 'watch.silent')
  assert.match(fault.message, /while reading/)
})

test('progress feeds the deadline: reading may take as long as it goes on', async () => {
  const { all } = watched([
    { type: 'model.open' },
    ...Array.from({ length: 50 }, (_, i) => [90, reading(i)] as const).flat(),
    text,
    { type: 'model.end', finish: 'stop' },
  ])
  const events = await all()
  assert.equal(events.at(-1)?.type, 'model.end')
})

test('silence in mid-answer is a fault of its own, and there is no limit on the whole', async () => {
  const { all, clock } = watched([
    { type: 'model.open' },
    ...Array.from({ length: 50 }, () => [text, 45] as const).flat(),
    'hang',
  ])
  const events = all()
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  clock.move(51)
  const said = await events
  assert.equal(failure(said).code, 'watch.stalled')
  assert.equal(said.filter((e) => e.type === 'text.delta').length, 50)
})

test('the limit between words holds from the first word on, though the one before it was longer', async () => {
  const { all, clock } = watched([{ type: 'model.open' }, text, 'hang'])
  const events = all()
  await new Promise(setImmediate)
  clock.move(51)
  assert.equal(failure(await events).code, 'watch.stalled')
})

test('a stream that ends without saying how was cut', async () => {
  assert.equal(failure(await watched([{ type: 'model.open' }, text]).all()).code, 'engine.cut')
})

test('a stop ends quietly, and only after the stream has closed', async () => {
  const stop = new AbortController()
  let open = true
  const { all } = watched([{ type: 'model.open' }, text, 'hang'], { stop: stop.signal })
  const events = all().then((e) => {
    open = false
    return e
  })
  await new Promise(setImmediate)
  assert.equal(open, true)
  stop.abort()
  assert.deepEqual(
    (await events).map((e) => e.type),
    ['model.open', 'text.delta'],
  )
})

test('a stream that does not close when told to is left behind after a while, and the log says so', async () => {
  const stop = new AbortController()
  const clock = handClock()
  const lines: LogLine[] = []
  const stuck = async function* (): AsyncGenerator<readonly ModelEvent[]> {
    yield [{ type: 'model.open' }]
    await new Promise(() => {})
  }
  const stream = watch(stuck, { limits, clock, say: (l) => lines.push(l), endpoint: 'here', stop: stop.signal })
  await stream.next()
  const next = stream.next()
  stop.abort()
  await new Promise(setImmediate)
  clock.move(2000)
  assert.equal((await next).done, true)
  assert.match(lines[0]?.text ?? '', /not seen to close/)
})

test('a throw is a bug and stays one', async () => {
  const bad = async function* (): AsyncGenerator<readonly ModelEvent[]> {
    yield [{ type: 'model.open' }]
    throw new TypeError('bug')
  }
  const stream = watch(bad, {
    limits,
    clock: handClock(),
    say: () => {},
    endpoint: 'here',
    stop: new AbortController().signal,
  })
  await stream.next()
  await assert.rejects(async () => stream.next(), TypeError)
})

test('a backend that only says again that it reads is not borne for ever', async () => {
  const { all } = watched([
    { type: 'model.open' },
    ...Array.from({ length: 50 }, () => [30, reading()] as const).flat(),
    text,
  ])
  assert.equal(failure(await all()).code, 'watch.silent')
})

test('a log that takes its time is not held against the model, whose silence counts from then on', async () => {
  const { stream, clock } = watched([reading(1), text, text, 'hang'])
  const seen: string[] = []
  const end = (async () => {
    for await (const batch of stream) {
      seen.push(...batch.map(({ type }) => type))
      if (seen.length < 4) clock.move(120) // the reader waits for a log that can't be written now
      if (seen.length === 3) setImmediate(() => clock.move(60))
    }
  })()
  await end
  assert.deepEqual(seen, ['phase', 'text.delta', 'text.delta', 'model.fail'])
})
