import assert from 'node:assert/strict'
import { test } from 'node:test'
import { untilQuiet } from './quiet.ts'
import { handClock } from './testing/hand-clock.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))

function waiting(busy: () => boolean) {
  const clock = handClock()
  const stop = new AbortController()
  let over = false
  const done = untilQuiet(async () => busy(), clock, stop.signal)().then(() => (over = true))
  return { clock, stop, done, over: () => over }
}

test('it waits for as long as somebody waits for an answer', async () => {
  let busy = true
  const { clock, over, done } = waiting(() => busy)
  await settle()
  clock.move(500)
  await settle()
  assert.equal(over(), false)
  busy = false
  clock.move(500)
  await done
})

test('it waits for half a minute at most, and not at all once it is stopped', async () => {
  const { clock, over, done } = waiting(() => true)
  for (let passed = 0; passed < 30_000; passed += 500) {
    await settle()
    assert.equal(over(), false)
    clock.move(500)
  }
  await done
  const stopped = waiting(() => true)
  await settle()
  stopped.stop.abort()
  await stopped.done
})
