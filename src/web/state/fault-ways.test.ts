import assert from 'node:assert/strict'
import { it } from 'node:test'
import { fault, FAULTS, type FaultCode } from '../../wire/fault.ts'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import { waysOut, type FaultPlace } from './fault-ways.ts'

const model = (endpoint: string, name: string, over: Partial<ModelInfo> = {}): ModelInfo => ({
  name,
  endpoint,
  context: 8192,
  tools: null,
  thinking: null,
  vision: null,
  bytes: null,
  practice: false,
  loaded: null,
  speed: null,
  ...over,
})
const endpoint = (name: string, kind: EndpointInfo['kind'], over: Partial<EndpointInfo> = {}): EndpointInfo => ({
  name,
  kind,
  url: 'http://127.0.0.1:11434',
  state: 'up',
  since: '2026-11-23T00:00:00.000Z',
  why: null,
  slots: 1,
  busy: 0,
  waiting: 0,
  local: true,
  models: [],
  ...over,
})
const place = (over: Partial<FaultPlace> = {}): FaultPlace => ({
  endpoints: [
    endpoint('ollama', 'ollama', { state: 'down' }),
    endpoint('engine', 'engine', { state: 'idle' }),
    endpoint('anthropic', 'cloud', { state: 'idle', local: false, url: 'https://api.anthropic.com' }),
  ],
  models: [model('engine', 'qwen'), model('anthropic', 'claude', { context: 200_000, vision: true })],
  usual: 'qwen',
  asked: null,
  again: true,
  ask: true,
  continues: false,
  shorten: true,
  ...over,
})
const ways = (code: FaultCode, details = {}, over: Partial<FaultPlace> = {}) =>
  waysOut(fault(code, details), place(over)).map((way) =>
    Object.values(way)
      .filter((value) => value !== false)
      .join(' '),
  )

it('offers to start the server that is away, then the engine, then the same again', () => {
  assert.deepEqual(ways('engine.unreachable', { endpoint: 'ollama', what: 'refused' }), [
    'start ollama Ollama',
    'ask engine/qwen qwen true',
    'again',
  ])
})

it('does not offer to start what belongs on another machine', () => {
  const away = endpoint('box', 'ollama', { state: 'down', url: 'http://192.168.1.9:11434' })
  assert.equal(
    ways('engine.unreachable', { endpoint: 'box', what: 'x' }, { endpoints: [away] })[0]?.includes('start'),
    false,
  )
})

it('never sends words to somebody else’s machine by a button that only names a model', () => {
  const codes = Object.keys(FAULTS) as FaultCode[]
  for (const code of codes)
    for (const way of ways(code, { endpoint: 'engine', model: 'qwen', context: 100, provider: 'anthropic' }))
      assert.doesNotMatch(way, /claude/, code)
})

it('goes on with what was said only where something was', () => {
  assert.equal(ways('engine.cut', { endpoint: 'engine' })[0], 'again')
  assert.equal(ways('engine.cut', { endpoint: 'engine' }, { continues: true })[0], 'continue')
})

it('has another plan made, with what was said, where one was refused to the end', () => {
  assert.deepEqual(ways('plan.refused', { times: 3 }), ['replan', 'again'])
})

it('names a model that reads more, where there is one, for a message that is too long', () => {
  const models = [model('engine', 'small'), model('engine', 'large', { context: 32_768 })]
  assert.equal(ways('context.full', { tokens: 9000, context: 8192 }, { models })[0], 'ask engine/large large true')
  assert.equal(ways('context.full', { tokens: 9000, context: 40_000 }, { models })[0], 'shorten')
})

it('does not offer what has just failed as something else', () => {
  const over = { models: [model('engine', 'qwen'), model('engine', 'small')] }
  assert.deepEqual(ways('engine.error', { endpoint: 'engine', what: 'x' }, { ...over, asked: 'qwen' }), [
    'again',
    'ask engine/small small true',
  ])
})

it('leads to a model where there is none', () => {
  assert.deepEqual(ways('model.none', { what: '' }, { models: [], endpoints: [] }), ['get', 'again'])
})

it('gives the command for what only a terminal can mend', () => {
  assert.ok(ways('cloud.keyless', { provider: 'anthropic', why: 'no key' }).includes('copy ./pkn config key anthropic'))
  assert.ok(ways('store.failed', { what: 'x' }).includes('copy ./pkn doctor'))
})

it('has at most three ways for every fault, and one for each that may pass by itself', () => {
  for (const [code, kind] of Object.entries(FAULTS) as [FaultCode, { retry: boolean }][]) {
    const found = ways(code)
    assert.ok(found.length <= 3, code)
    if (kind.retry) assert.ok(found.length > 0, code)
    assert.equal(new Set(found).size, found.length, code)
  }
})
