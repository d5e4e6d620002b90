import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Speed } from '../wire/model.ts'
import { expectLoadMs, expectMs, restMs } from './expect.ts'
import { rememberedSpeeds } from './speeds.ts'

const near = (is: number | null | undefined, like: number, share = 0.05) =>
  assert.ok(typeof is === 'number' && Math.abs(is - like) <= like * share, `${is}, and not about ${like}`)

test('what is measured is remembered by endpoint and model, and what is not is not known', () => {
  const speeds = rememberedSpeeds()
  assert.equal(speeds.of('a', 'm'), null)
  speeds.learn('a', 'm', { write: { tokens: 100, ms: 10_000 } })
  assert.deepEqual(speeds.of('a', 'm'), { read: null, write: 10, loadMs: null, answer: 100, answers: 1 })
  assert.equal(speeds.of('b', 'm'), null)
  speeds.learn('a', 'm', { loadMs: 3000 })
  assert.deepEqual(speeds.of('a', 'm'), { read: null, write: 10, loadMs: 3000, answer: 100, answers: 1 })
})

test('a few tokens do not spoil a rate, neither before nor after many', () => {
  const speeds = rememberedSpeeds()
  const few = { read: { tokens: 3, ms: 3000 } }
  const many = { read: { tokens: 800, ms: 1000 } }
  speeds.learn('a', 'm', few)
  assert.equal(speeds.of('a', 'm')?.read, null)
  speeds.learn('a', 'm', many)
  near(speeds.of('a', 'm')?.read, 800)
  for (let i = 0; i < 10; i++) speeds.learn('a', 'm', few)
  near(speeds.of('a', 'm')?.read, 800)
})

test('a rate follows a machine that has become slower, within a few answers', () => {
  const speeds = rememberedSpeeds()
  for (let i = 0; i < 200; i++) speeds.learn('a', 'm', { write: { tokens: 300, ms: 3000 } })
  near(speeds.of('a', 'm')?.write, 100)
  for (let i = 0; i < 8; i++) speeds.learn('a', 'm', { write: { tokens: 300, ms: 30_000 } })
  near(speeds.of('a', 'm')?.write, 10, 0.5)
})

test('one answer that did not find its end is not expected again', () => {
  const speeds = rememberedSpeeds()
  const answers = (tokens: number) => speeds.learn('a', 'm', { write: { tokens, ms: tokens * 10 } })
  for (let i = 0; i < 5; i++) answers(50)
  answers(7000)
  assert.ok(speeds.of('a', 'm')!.answer! < 150)
  // What is usual by now is learnt all the same.
  for (let i = 0; i < 8; i++) answers(2000)
  assert.ok(speeds.of('a', 'm')!.answer! > 1000)
})

test('the last twenty answers are kept one by one, over a restart too, and the average stays what it is', () => {
  let kept: Parameters<typeof rememberedSpeeds>[0] = {}
  const speeds = rememberedSpeeds({}, (all) => {
    kept = all()
  })
  for (let i = 1; i <= 25; i++)
    speeds.learn('a', 'm', { read: { tokens: 100, ms: 1000 }, write: { tokens: 10 * i, ms: 1000 } })
  speeds.learn('a', 'm', { loadMs: 5 })
  speeds.learn('a', 'm', { read: { tokens: 3, ms: 1000 }, write: { tokens: 40, ms: 1000 } })
  const paces = speeds.paces('a', 'm')
  assert.equal(paces.length, 20)
  assert.deepEqual(
    [paces.at(-2), paces.at(-1)],
    [
      { read: 100, write: 250 },
      { read: null, write: 40 },
    ],
  )
  assert.deepEqual(rememberedSpeeds(JSON.parse(JSON.stringify(kept))).paces('a', 'm'), paces)
  assert.deepEqual(speeds.paces('a', 'other'), [])
  assert.equal('paces' in speeds.of('a', 'm')!, false)
})

test('what cannot be true is not learnt', () => {
  const speeds = rememberedSpeeds()
  speeds.learn('a', 'm', { read: { tokens: 100, ms: 100 }, write: { tokens: 100, ms: 1000 }, loadMs: 5 })
  const before = speeds.of('a', 'm')!
  const bad = { tokens: 100, ms: 0 }
  speeds.learn('a', 'm', { read: bad, loadMs: NaN })
  speeds.learn('a', 'm', { read: { tokens: -5, ms: -5 }, loadMs: -1 })
  speeds.learn('a', 'm', { read: { tokens: 0, ms: 10 } })
  assert.deepEqual(speeds.of('a', 'm'), before)
})

test('the five hundred models that were used last are kept, whatever their names', () => {
  let kept: () => Record<string, Speed> = () => ({})
  const speeds = rememberedSpeeds({}, (all) => (kept = all))
  const measured = { write: { tokens: 100, ms: 1000 } }
  speeds.learn('a', '0', measured)
  for (let i = 1; i <= 499; i++) speeds.learn('a', `${i}`, measured)
  speeds.learn('a', '0', measured)
  speeds.learn('a', 'new', measured)
  assert.equal(Object.keys(kept()).length, 500)
  assert.equal(speeds.of('a', '1'), null)
  assert.ok(speeds.of('a', '0') && speeds.of('a', 'new') && speeds.of('a', '2'))
})

test('what was kept is known again, and gives way to what is measured now', () => {
  let kept: () => Record<string, Speed> = () => ({})
  const first = rememberedSpeeds({}, (all) => (kept = all))
  first.learn('a', 'm', { read: { tokens: 1000, ms: 1000 }, write: { tokens: 100, ms: 1000 }, loadMs: 900 })
  const second = rememberedSpeeds(kept())
  assert.deepEqual(second.of('a', 'm'), first.of('a', 'm'))
  for (let i = 0; i < 10; i++) second.learn('a', 'm', { read: { tokens: 1000, ms: 4000 } })
  near(second.of('a', 'm')?.read, 250, 0.1)
})

test('an answer is expected to take what it reads and what it usually writes; without a history nothing is', () => {
  const speed: Speed = { read: 500, write: 20, loadMs: 4000, answer: 100, answers: 3 }
  assert.equal(expectMs(speed, 1000), 2000 + 5000)
  assert.equal(expectMs({ ...speed, read: null }, 1000), 5000)
  assert.equal(expectMs({ ...speed, write: null }, 1000), null)
  assert.equal(expectMs({ ...speed, answer: null }, 1000), null)
  assert.equal(expectMs(null, 1000), null)
})

test('loading is expected to take what it took, else longer the larger the model is', () => {
  const speed: Speed = { read: null, write: null, loadMs: 4000, answer: null, answers: 0 }
  assert.equal(expectLoadMs(speed, 1e9), 4000)
  assert.ok(expectLoadMs(null, 8e9)! > 4 * expectLoadMs(null, 1e9)!)
  assert.equal(expectLoadMs(null, null), null)
})

test('what overruns has a rest that never is nothing and grows', () => {
  assert.equal(restMs(1000, 400), 600)
  assert.ok(restMs(1000, 1000) > 0 && restMs(1000, 5000) > restMs(1000, 1000))
})
