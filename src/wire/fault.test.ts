import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fault } from './fault.ts'

test('a fault is a sentence, whatever it is filled with', () => {
  assert.match(fault('engine.cut', { endpoint: 'engine' }).message, /^The engine closed/)
  assert.match(fault('engine.cut', { endpoint: 'llama.cpp' }).message, /^llama\.cpp closed/)
  assert.match(fault('context.full', { tokens: 61_479, context: 2048 }).message, /61,479 of 2,048 tokens/)
  assert.match(fault('run.missing').message, /There is no run \?/)
})
