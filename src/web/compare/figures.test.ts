import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY, fold } from '../../wire/fold.ts'
import { newRunId, offset } from '../../wire/id.ts'
import { firstShown } from './comparison.ts'
import { best, figuresOf } from './figures.ts'

test('what is not known of an answer is not taken for nothing', () => {
  assert.deepEqual(figuresOf(EMPTY), { ms: 0, firstMs: null, words: 0, tokens: null, rate: null })
  const told = [
    { t: 10, event: { type: 'step.start', step: 1, model: 'm', endpoint: 'e' } },
    { t: 300, event: { type: 'thought.delta', text: 'Hm. ' } },
    { t: 400, event: { type: 'text.delta', text: 'Three more\n words' } },
    { t: 900, event: { type: 'usage', input: 4, cached: 0, output: 8, decodeMs: 400 } },
  ] as const
  const draft = told.reduce((all, { t, event }, i) => fold(all, { at: offset(i + 1), t, event }), EMPTY)
  assert.deepEqual(figuresOf(draft), { ms: 900, firstMs: 300, words: 3, tokens: 8, rate: 20 })
})

test('nothing is the best of one, or of equals, or of what is not known', () => {
  assert.equal(best([3, null, 2], 'least'), 2)
  assert.equal(best([3, null, 2], 'most'), 3)
  assert.equal(best([3, null], 'least'), null)
  assert.equal(best([3, 3], 'most'), null)
  assert.equal(best([1000, 1010, 4000], 'least'), null)
})

test('of many versions the newest are shown, and always the one that was asked for', () => {
  const runs = Array.from({ length: 6 }, newRunId)
  assert.deepEqual(firstShown(runs, runs[4]!), runs.slice(2))
  assert.deepEqual(firstShown(runs, runs[0]!), [runs[0], ...runs.slice(3)])
  assert.deepEqual(firstShown(runs.slice(0, 2), runs[1]!), runs.slice(0, 2))
})
