import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY, type Draft } from '../wire/fold.ts'
import { newAskId, newCallId } from '../wire/id.ts'
import { left, spent } from './spending.ts'

const step = (n: number): Draft['steps'][number] => ({
  step: n,
  model: 'm',
  endpoint: 'e',
  practice: false,
  from: 0,
  to: 1,
  finish: 'tools',
  attempt: 1,
  fault: null,
  remote: null,
  joints: [],
})
const after = (steps: number, more: Partial<Draft> = {}): Draft => ({
  ...EMPTY,
  steps: Array.from({ length: steps }, (_, i) => step(i + 1)),
  ...more,
})
const much = { steps: 1000, tokens: 1e9, ms: 1e9 }

test('what is cached is not read again, and waiting for a person is no work', () => {
  const ask = { id: newAskId(), from: 1000, to: 9000, allow: true }
  const part = {
    kind: 'tool',
    step: 1,
    call: newCallId(),
    tool: 'x',
    input: {},
    text: '',
    from: 500,
    to: 9500,
  } as const
  const draft = after(1, {
    t: 10_000,
    usage: [{ step: 1, input: 100, cached: 90, output: 5 }],
    parts: [{ ...part, began: 9000, result: null, ask }],
  })
  assert.deepEqual(spent(draft), { steps: 1, tokens: 15, ms: 2000 })
  assert.equal(spent({ ...draft, parts: [{ ...part, began: null, result: null, ask: { ...ask, to: null } }] }).ms, 1000)
})

test('the last step is told as such before it begins, and that the end is near is said once', () => {
  const seen: [number, number][] = []
  let guards: Draft['guards'] = []
  for (let n = 0; n < 10; n++) {
    const { last, remarks } = left(after(n, { guards }), { ...much, steps: 10 })
    assert.equal(last, n === 9)
    for (const { guard, text, left: remains } of remarks) {
      seen.push([n, remains ?? -1])
      guards = [...guards, { guard, text, left: remains ?? null, step: n, t: 0 }]
    }
  }
  assert.deepEqual(seen, [[7, 3]])
})

test('tokens and time are spent like steps', () => {
  const usage = [{ step: 1, input: 850, cached: 0, output: 0 }]
  assert.deepEqual(
    left(after(1, { usage }), { ...much, tokens: 1000 }).remarks.map((r) => [r.guard, r.left]),
    [['tokens', 150]],
  )
  assert.equal(left(after(1, { usage }), { ...much, tokens: 850 }).last, true)
  assert.equal(left(after(1, { t: 60_000 }), { ...much, ms: 60_000 }).last, true)
})

test('a run that may take one step has no tools', () => {
  assert.equal(left(EMPTY, { ...much, steps: 1 }).last, true)
  assert.equal(left(EMPTY, { ...much, steps: 2 }).last, false)
})
