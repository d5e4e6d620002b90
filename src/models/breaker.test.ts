import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from './testing/backends-kit.ts'
import { Breaker } from './breaker.ts'

test('two failures are borne, the third within a minute is not', () => {
  const clock = manualClock()
  const breaker = new Breaker(clock)
  assert.equal(breaker.failed('a'), null)
  assert.equal(breaker.failed('b'), null)
  assert.equal(breaker.why(0), null)
  assert.equal(breaker.failed('the disk is gone'), 2000)
  assert.match(breaker.why(0) ?? '', /again in 2 s \(last: the disk is gone\)/)
})

test('failures that are far apart are never too many', () => {
  const clock = manualClock()
  const breaker = new Breaker(clock)
  for (let i = 0; i < 10; i++) {
    assert.equal(breaker.failed('x'), null)
    clock.pass(31_000)
  }
})

test('after its pause one run tries it; the pause doubles up to a minute while that fails, and is over once it works', () => {
  const clock = manualClock()
  const breaker = new Breaker(clock)
  for (let i = 0; i < 2; i++) breaker.failed('x')
  let pause = breaker.failed('x')
  const pauses = [pause]
  for (let i = 0; i < 6; i++) {
    assert.equal(breaker.halfOpen, false)
    clock.pass(pause ?? 0)
    assert.equal(breaker.why(0), null, 'one may try')
    assert.equal(breaker.halfOpen, true)
    breaker.tries()
    assert.match(breaker.why(1) ?? '', /one run tries it/)
    pause = breaker.failed('x')
    pauses.push(pause)
  }
  assert.deepEqual(pauses, [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000])
  assert.equal(breaker.worked(), true)
  assert.equal(breaker.why(0), null)
  assert.equal(breaker.worked(), false)
})

test('one that was to try it and never began keeps nobody else out for long', () => {
  const clock = manualClock()
  const breaker = new Breaker(clock)
  for (let i = 0; i < 3; i++) breaker.failed('x')
  clock.pass(2000)
  breaker.tries()
  assert.notEqual(breaker.why(0), null)
  clock.pass(10_000)
  assert.equal(breaker.why(0), null)
})

test('failures of runs that were under way when the pause began do not lengthen it', () => {
  const clock = manualClock()
  const breaker = new Breaker(clock)
  for (let i = 0; i < 3; i++) breaker.failed('x')
  assert.equal(breaker.failed('late'), null)
  clock.pass(2000)
  assert.equal(breaker.why(0), null)
})
