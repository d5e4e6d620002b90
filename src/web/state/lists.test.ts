import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { RunEvent } from '../../wire/event.ts'
import { EMPTY, fold } from '../../wire/fold.ts'
import { newAskId, newCallId, newSessionId, offset, type AgentName } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { leaving, modelLine } from './model-line.ts'
import { groupByDay, mergeSessions } from './session-groups.ts'
import { statsLine } from './stats.ts'
import { bytes, elapsed, percent, took } from './wording.ts'

const session = (title: string, updated: Date): Session => ({
  id: newSessionId(),
  title,
  named: false,
  created: updated.toISOString(),
  updated: updated.toISOString(),
  active: null,
  tip: null,
  pinned: false,
  folder: null,
  archived: false,
  project: null,
})
const draftOf = (...log: readonly [t: number, event: RunEvent][]) =>
  log.reduce((d, [t, event], i) => fold(d, { at: offset(i + 1), t, event }), EMPTY)

it('sessions are grouped by the local day, the newest first', () => {
  const now = new Date(2026, 5, 17, 0, 30)
  const groups = groupByDay(
    [
      session('last month', new Date(2026, 4, 3)),
      session('just now', new Date(2026, 5, 17, 0, 10)),
      session('an hour ago', new Date(2026, 5, 16, 23, 30)),
      session('three days ago', new Date(2026, 5, 14)),
    ],
    now,
  )
  assert.deepEqual(
    groups.map((group) => [group.name, group.sessions.map((s) => s.title)]),
    [
      ['Today', ['just now']],
      ['Yesterday', ['an hour ago']],
      ['This week', ['three days ago']],
      ['May 2026', ['last month']],
    ],
  )
})

it('what the server says of a session replaces what was known of it', () => {
  const old = session('old title', new Date(2026, 1, 1))
  const other = session('other', new Date(2026, 1, 2))
  const merged = mergeSessions(
    [other, old],
    [{ ...old, title: 'new title', updated: new Date(2026, 1, 3).toISOString() }],
  )
  assert.deepEqual(
    merged.map((s) => s.title),
    ['new title', 'other'],
  )
})

it('the line of figures holds only what was measured', () => {
  const begin: [number, RunEvent][] = [
    [0, { type: 'step.start', step: 1, model: 'qwen3-8b', endpoint: 'e' }],
    [250, { type: 'text.delta', text: 'hi' }],
  ]
  const end: [number, RunEvent] = [2000, { type: 'run.end', reason: 'done' }]
  assert.equal(statsLine(draftOf(...begin, end)), '2.0 s · first word after 250 ms · qwen3-8b')
  const usage: [number, RunEvent] = [1900, { type: 'usage', input: 40, cached: 0, output: 90, decodeMs: 1500 }]
  assert.equal(
    statsLine(draftOf(...begin, usage, end)),
    '2.0 s · first word after 250 ms · 90 tokens · 60.0 tokens/s · qwen3-8b',
  )
})

it('the time in which a person was waited for is none of the model', () => {
  const [call, ask] = [newCallId(), newAskId()]
  const log: [number, RunEvent][] = [
    [0, { type: 'step.start', step: 1, model: 'm', endpoint: 'e' }],
    [100, { type: 'tool.call', call, tool: 'write', input: {} }],
    [200, { type: 'ask.start', ask, call }],
    [60_200, { type: 'ask.end', ask, allow: true }],
    [60_300, { type: 'tool.end', call, ok: true, output: '' }],
    [60_500, { type: 'text.delta', text: 'done' }],
    [61_200, { type: 'run.end', reason: 'done' }],
  ]
  assert.equal(statsLine(draftOf(...log)), '1.2 s, and 1 min 0 s waiting for you · first word after 500 ms · m')
})

it('the page says which model answers and where', () => {
  const info = {
    name: 'm',
    endpoint: 'e',
    context: null,
    tools: null,
    thinking: null,
    vision: null,
    bytes: null,
    practice: false,
    loaded: null,
    speed: null,
  }
  const endpoint = {
    name: 'e',
    kind: 'openai',
    url: 'https://host.example/v1',
    state: 'up',
    since: '',
    why: null,
    slots: 1,
    busy: 0,
    waiting: 0,
    local: false,
    models: [],
  } as const
  const machine = { known: true, model: 'm', models: [info], endpoints: [{ ...endpoint, models: [] }] }
  assert.deepEqual(modelLine(machine), {
    state: 'ready',
    name: 'm',
    where: 'at host.example',
    remote: 'host.example',
  })
  const near = { ...info, name: 'n', endpoint: 'near' }
  const both = {
    ...machine,
    models: [info, near],
    endpoints: [
      ...machine.endpoints,
      { ...endpoint, name: 'near', url: 'http://127.0.0.1:1', local: true, models: [near] },
    ],
  }
  assert.equal(modelLine(both, 'near/n').remote, null, 'what was chosen goes before what is usual')
  const agents = [{ name: 'coder' as AgentName, models: ['tools', 'e/m'] }]
  const house = { ...both, model: 'n', agents }
  assert.equal(leaving({ ...house, agents: [] }, { agent: null, model: null }), null)
  assert.deepEqual(
    leaving(house, { agent: null, model: null }),
    { host: 'host.example', sure: false },
    'any may answer',
  )
  assert.equal(leaving(house, { agent: 'coder' as AgentName, model: 'near/n' }), null)
  assert.deepEqual(leaving(house, { agent: 'coder' as AgentName, model: null }), { host: 'host.example', sure: false })
  assert.deepEqual(leaving(house, { agent: null, model: 'e/m' }), { host: 'host.example', sure: true })
  assert.equal(modelLine(both, 'gone/x').remote, 'host.example', 'what is gone is not chosen any more')
  assert.equal(modelLine({ ...machine, models: [{ ...info, practice: true }] }).state, 'practice')
  assert.equal(modelLine({ ...machine, model: null }).state, 'none')
})

it('times and sizes are written as people say them', () => {
  assert.deepEqual([elapsed(900), elapsed(61_000), elapsed(3_720_000)], ['0 s', '1 min 1 s', '1 h 2 min'])
  assert.deepEqual([took(42.4), took(2449), took(12_900)], ['42 ms', '2.4 s', '12 s'])
  assert.deepEqual([bytes(999), bytes(2_600_000_000), percent(0.823)], ['999 B', '2.6 GB', '82 %'])
})
