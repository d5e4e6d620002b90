import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel } from '../models/scripted.ts'
import { Gauge } from './gauge.ts'
import type { ModelEvent } from './ports.ts'
import { handClock } from './testing/hand-clock.ts'
import { chosen, listed, openRig } from './testing/rig.ts'

/** What is measured of events that come one by one, a number being the milliseconds between. */
function measured(...steps: (ModelEvent | number)[]) {
  const clock = handClock()
  const gauge = new Gauge(clock)
  for (const step of steps) {
    if (typeof step === 'number') clock.move(step)
    else gauge.see([step])
  }
  return gauge.measured
}
const loading: ModelEvent = { type: 'phase', phase: 'loading' }
const reading: ModelEvent = { type: 'phase', phase: 'reading' }
const text: ModelEvent = { type: 'text.delta', text: 'x' }
const usage = { type: 'usage', input: 100, cached: 40, output: 20 } as const

test('loading counts from its first word to whatever comes next', () => {
  assert.deepEqual(measured(5, loading, 10, loading, 20, reading, 40, loading, 1, text), { loadMs: 30 })
})

test('only what was read is counted, by the time that the backend took for it', () => {
  const { read, write } = measured(reading, 500, text, 100, text, { ...usage, prefillMs: 300, decodeMs: 80 })
  assert.deepEqual(read, { tokens: 60, ms: 300 })
  assert.deepEqual(write, { tokens: 20, ms: 80 })
})

test('a backend that does not tell its times is measured from the first word to the last', () => {
  assert.deepEqual(measured(reading, 500, text, 100, { type: 'thought.delta', text: 'x' }, 70, usage), {
    write: { tokens: 20, ms: 100 },
  })
  assert.deepEqual(measured(text, usage), {}, 'one word has no duration')
  assert.deepEqual(measured(text, 9, text), {}, 'nothing is known of its tokens')
})

test('an answer teaches how fast its model is at its endpoint, and that the endpoint works; a failure does not', async () => {
  const worked: string[] = []
  const good = scriptedModel(['x', { ...usage, prefillMs: 600, decodeMs: 1000 }])
  const list = listed(
    chosen(scriptedModel(['half', { fail: 'engine.cut' }]), { endpoint: 'bad' }),
    chosen(good, { endpoint: 'good', name: 'm' }),
  )
  const rig = await openRig({ backends: { ...list, worked: (endpoint) => void worked.push(endpoint) } })
  await rig.draft(await rig.say('one'))
  assert.deepEqual(worked, ['good'])
  assert.equal(rig.speeds.of('bad', 'scripted'), null)
  assert.deepEqual(rig.speeds.of('good', 'm')?.read, 100)
  assert.equal(rig.speeds.of('good', 'm')?.answer, null, 'the rest of an answer is not as long as an answer')
  await rig.close()
  const whole = await openRig({ backends: listed(chosen(good, { endpoint: 'good', name: 'm' })) })
  await whole.draft(await whole.say('one'))
  const speed = whole.speeds.of('good', 'm')
  assert.deepEqual([speed?.read, speed?.write, speed?.answer], [100, 20, 20])
  await whole.close()
})
