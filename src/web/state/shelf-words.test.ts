import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import { fault } from '../../wire/fault.ts'
import { PullId, type CatalogueModel, type Pull } from '../../wire/shelf.ts'
import { fitWords, modelFacts, notFoundWords, speedWords, stateWords } from './endpoint-words.ts'
import { modelChoices } from './model-choices.ts'
import { pullFigures, pullsToShow, spokenPull } from './pull-words.ts'

const now = new Date(2026, 10, 22, 15, 0)
const model: ModelInfo = {
  name: 'm',
  endpoint: 'e',
  context: 32_768,
  tools: true,
  thinking: false,
  vision: null,
  bytes: 2_600_000_000,
  practice: false,
  loaded: null,
  speed: null,
}
const endpoint: EndpointInfo = {
  name: 'e',
  kind: 'llama',
  url: 'http://127.0.0.1:8000/v1',
  state: 'up',
  since: new Date(2026, 10, 22, 14, 3).toISOString(),
  why: null,
  slots: 4,
  busy: 0,
  waiting: 0,
  local: true,
  models: [model],
}
const pull: Pull = {
  id: PullId.parse('pull_00000000aa'),
  what: 'qwen3-4b',
  name: 'qwen3-4b',
  state: 'pulling',
  source: 'huggingface.co',
  done: 1_200_000_000,
  total: 2_400_000_000,
  bytesPerSecond: 32_000_000,
  secondsLeft: 37.5,
  notes: [],
  fault: null,
  created: '2026-11-22T14:00:00.000Z',
}

describe('an endpoint in words', () => {
  it('says in one line what was only looked for and is not there', () => {
    const ollama = { ...endpoint, name: 'ollama', kind: 'ollama' as const, url: 'http://127.0.0.1:11434' }
    assert.equal(
      notFoundWords([{ ...endpoint, name: 'llama.cpp:8080' }, ollama]),
      'Looked for and not found: llama.cpp:8080, Ollama (port 11434).',
    )
  })

  it('says how it is, why, and what to do', () => {
    const words = (change: Partial<EndpointInfo>) => stateWords({ ...endpoint, ...change }, now)
    assert.equal(words({ busy: 2 }).text, 'Up, 2 of 4 slots at work')
    assert.equal(words({ state: 'busy', busy: 4, waiting: 3 }).text, 'Busy, all 4 slots are at work, 3 waiting')
    assert.equal(words({ state: 'loading' }).text, 'Loading a model since 14:03')
    const down = words({ state: 'down', why: 'connection refused' })
    assert.equal(down.text, 'Down since 14:03: connection refused')
    assert.match(down.advice ?? '', /start-llama/)
    const yesterday = words({ state: 'down', since: new Date(2026, 10, 21, 9, 5).toISOString() })
    assert.equal(yesterday.text, 'Down since Nov 21, 09:05')
  })
  it('tells of a model only what is known', () => {
    assert.deepEqual(modelFacts(model), ['2.6 GB', '32,768 tokens of context', 'tools'])
    assert.deepEqual(modelFacts({ ...model, bytes: null, context: null, tools: null }), [])
    assert.equal(speedWords(null), null)
    assert.equal(
      speedWords({ read: 840, write: 54, loadMs: null, answer: 120, answers: 9 }),
      'Reads 840, writes 54 tokens/s · usual answer 120 tokens',
    )
  })
  it('says why a model suits the machine', () => {
    const machine = { memory: 25_180_000_000, disk: 1, cores: 2, gpu: null }
    const offer = { fits: 'well', memory: 6_000_000_000 } as CatalogueModel
    assert.equal(fitWords(offer, machine), 'Fits well into 24 GB of memory; takes 6.0 GB')
  })
})

describe('the models to choose from', () => {
  it('lists what is here before what is elsewhere, and nothing that is down', () => {
    const far = {
      ...endpoint,
      name: 'far',
      local: false,
      url: 'https://api.example.com/v1',
      models: [{ ...model, endpoint: 'far' }],
    }
    const machine = {
      known: true,
      model: 'm',
      models: [],
      endpoints: [far, { ...endpoint, name: 'off', state: 'down' as const }, endpoint],
    }
    assert.deepEqual(
      modelChoices(machine).map(({ wish, remote }) => [wish, remote]),
      [
        ['e/m', null],
        ['far/m', 'api.example.com'],
      ],
    )
  })
})

describe('a model on its way', () => {
  it('tells bytes, speed, time left and source, and nothing that is not known', () => {
    assert.equal(pullFigures(pull), '1.2 GB of 2.4 GB · 32.0 MB/s · about 40 s left · from huggingface.co')
    assert.equal(
      pullFigures({ ...pull, total: null, bytesPerSecond: null, secondsLeft: null, source: null }),
      '1.2 GB so far',
    )
    assert.equal(pullFigures({ ...pull, state: 'failed' }), 'Failed · 1.2 GB of 2.4 GB are kept')
  })
  it('shows each thing once, as it stands now, and what is under way first', () => {
    const old = { ...pull, state: 'failed' as const, created: '2026-11-22T13:00:00.000Z' }
    const other = { ...old, what: 'other', created: '2026-11-22T14:30:00.000Z' }
    assert.deepEqual(
      pullsToShow([other, old, pull]).map(({ what, state }) => [what, state]),
      [
        ['qwen3-4b', 'pulling'],
        ['other', 'failed'],
      ],
    )
  })
  it('shows what came for an hour', () => {
    const came: Pull = { ...pull, state: 'done', created: '2026-11-22T12:00:00.000Z' }
    const at = (time: string) => pullsToShow([came], Date.parse(`2026-11-22T${time}Z`)).length
    assert.deepEqual([at('12:59:00'), at('13:01:00')], [1, 0])
  })
  it('speaks of quarters and of the end, and not of each tick', () => {
    const at = (share: number): Pull => ({ ...pull, done: share * 2_400_000_000 })
    assert.equal(spokenPull(at(0.3), at(0.45)), null)
    assert.equal(spokenPull(at(0.45), at(0.5)), 'Getting qwen3-4b, 50 %')
    assert.equal(spokenPull(at(0.9), { ...pull, state: 'done' }), 'qwen3-4b is here and can answer')
    const failed = { ...pull, state: 'failed' as const, fault: fault('pull.failed', { name: 'x', why: 'no network' }) }
    assert.equal(spokenPull(pull, failed), 'x could not be got: no network')
    assert.equal(spokenPull(undefined, { ...pull, state: 'done' }), null)
  })
})
