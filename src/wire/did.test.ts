import assert from 'node:assert/strict'
import { test } from 'node:test'
import { didOf } from './did.ts'
import { CallId } from './id.ts'
import type { Part } from './fold.ts'

const call = (n: number, tool: string, ok: boolean | null): Part => ({
  kind: 'tool',
  step: 1,
  call: CallId.parse(`call_${n}`),
  tool,
  input: {},
  text: '',
  from: 0,
  to: 1,
  began: 0,
  result: ok === null ? null : { ok, output: '' },
  ask: null,
})

test('calls are counted by their tool, with those that came to nothing; words are none', () => {
  const words: Part = { kind: 'text', step: 1, text: 'x', from: 0, to: 1 }
  const parts = [call(1, 'read', true), words, call(2, 'shell', false), call(3, 'read', null)]
  assert.deepEqual(didOf(parts), [
    { tool: 'read', calls: 2, failed: 0 },
    { tool: 'shell', calls: 1, failed: 1 },
  ])
  assert.deepEqual(didOf([words]), [])
})
