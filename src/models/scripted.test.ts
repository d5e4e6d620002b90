import assert from 'node:assert/strict'
import { test } from 'node:test'
import { scriptedModel } from './scripted.ts'
import { collect, outcome, textOf, turnFor } from './test-kit.ts'

test('a script is performed step by step, and ends by itself', async () => {
  const model = scriptedModel([{ thought: 'Hm.' }, 'Hel', 'lo'])
  const events = await collect(model, turnFor('m'))
  assert.deepEqual(
    events.map(({ type }) => type),
    ['model.open', 'thought.delta', 'text.delta', 'text.delta', 'model.end'],
  )
  assert.equal(textOf(events), 'Hello')
  assert.equal(outcome(events), 'stop')
  assert.equal(model.asked.length, 1)
})

test('a script with a tool call ends with `tools`, and a function sees each turn', async () => {
  const model = scriptedModel((turn, nth) =>
    nth === 1 ? [{ type: 'tool.call', id: 'a', tool: 'clock', input: {} }] : [`again: ${turn.model}`],
  )
  assert.equal(outcome(await collect(model, turnFor('m'))), 'tools')
  assert.equal(textOf(await collect(model, turnFor('m'))), 'again: m')
})

test('a promise in the script holds the next word until the test lets it go', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const model = scriptedModel(['one', promise, 'two'])
  const said: string[] = []
  const events = collect(model, turnFor('m'), {
    each: (event) => {
      if (event.type === 'text.delta') said.push(event.text)
      if (said.length === 1) {
        assert.equal(model.open, 1)
        resolve()
      }
    },
  })
  assert.equal(textOf(await events), 'onetwo')
  assert.equal(model.open, 0)
})

test('a fault ends the answer, and a cut ends it without a word', async () => {
  assert.equal(outcome(await collect(scriptedModel(['a', { fail: 'engine.cut' }, 'b']), turnFor('m'))), 'engine.cut')
  assert.equal(outcome(await collect(scriptedModel(['a', { cut: true }]), turnFor('m'))), 'quiet')
})

test('aborting ends a script that waits for something that never comes', async () => {
  const stop = new AbortController()
  const never = new Promise<void>(() => {})
  const model = scriptedModel(async function* () {
    yield 'one'
    await never
  })
  const events = await collect(model, turnFor('m'), {
    signal: stop.signal,
    each: ({ type }) => {
      if (type === 'text.delta') stop.abort()
    },
  })
  assert.deepEqual(
    events.map(({ type }) => type),
    ['model.open', 'text.delta'],
  )
  assert.equal(model.open, 0)
})
