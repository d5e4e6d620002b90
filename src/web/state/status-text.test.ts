import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PHASES, type RunEvent } from '../../wire/event.ts'
import { EMPTY, fold } from '../../wire/fold.ts'
import { newRunId, newSessionId, offset, type AgentName } from '../../wire/id.ts'
import { beginView, type RunView } from './run-view.ts'
import { spoken } from './spoken.ts'
import { statusText } from './status-text.ts'

const START: RunEvent = {
  type: 'run.start',
  session: newSessionId(),
  agent: 'coder' as AgentName,
  route: {
    agent: 'coder' as AgentName,
    title: 'Coder',
    confidence: 0.82,
    scores: [],
    because: [],
    complexity: 'simple',
    requiresTools: false,
    forced: false,
  },
}
const STEP: RunEvent = { type: 'step.start', step: 1, model: 'qwen3-8b', endpoint: 'llama.cpp' }

function view(...log: readonly [t: number, event: RunEvent][]): RunView {
  const draft = log.reduce((d, [t, event], i) => fold(d, { at: offset(i + 1), t, event }), EMPTY)
  return { ...beginView(newRunId(), 1_000_000), draft }
}
const at = (v: RunView, ms: number) => statusText(v, v.began + ms).text

describe('the status line', () => {
  it('says something from the first moment', () => {
    assert.equal(at(view(), 0), 'Sent to your machine · 0 s')
    assert.equal(at(view([5, START]), 1200), 'Coder will answer · 1 s')
  })
  it('tells the place in the line', () => {
    const v = view([0, START], [1, { type: 'phase', phase: 'queued', done: 2, total: 3 }])
    assert.equal(at(v, 4001), 'Waiting: 2 of 3 in line · 4 s')
  })
  it('tells how far reading is and, as told, how long it takes', () => {
    const v = view([0, START], [1000, { type: 'phase', phase: 'reading', done: 1200, total: 4000, etaMs: 7000 }])
    assert.equal(at(v, 1000), 'Reading your prompt 1,200 of 4,000 tokens, about 7 s left · 0 s')
    assert.equal(at(v, 3100), 'Reading your prompt 1,200 of 4,000 tokens, about 5 s left · 2 s')
    assert.equal(statusText(v, v.began).share, 0.3)
  })
  it('estimates the rest from the pace so far when nobody tells', () => {
    const v = view(
      [0, START],
      [1000, { type: 'phase', phase: 'reading', done: 0, total: 4000 }],
      [3000, { type: 'phase', phase: 'reading', done: 1000, total: 4000 }],
    )
    assert.match(at(v, 3000), /1,000 of 4,000 tokens, about 6 s left · 2 s$/)
  })
  it('tells how far loading is', () => {
    const v = view([0, START], [0, { type: 'phase', phase: 'loading', done: 0.43, total: 1, model: 'qwen3-8b' }])
    assert.equal(at(v, 400), 'Loading qwen3-8b into memory 43 % · 0 s')
  })
  it('tells the pace of writing, and calls it an estimate', () => {
    const v = view(
      [0, START],
      [1, STEP],
      [1000, { type: 'phase', phase: 'answering' }],
      [1000, { type: 'text.delta', text: 'x'.repeat(720) }],
    )
    assert.equal(at(v, 5000), 'Writing the answer · about 45 tok/s · 5 s')
  })
  it('names the tool that runs', () => {
    const call = { type: 'tool.call', call: 'c' as never, tool: 'grep', input: {} } as const
    const v = view([0, START], [1, STEP], [10, call], [10, { type: 'phase', phase: 'calling' }])
    assert.equal(at(v, 2010), 'Running grep · 2 s')
  })
  it('does not hide that nothing comes', () => {
    const v = view([0, START], [1000, { type: 'phase', phase: 'thinking' }])
    assert.equal(at(v, 4000), 'Thinking · 3 s')
    assert.equal(at(v, 9000), 'Thinking · 8 s · no news for 8 s')
  })
  it('does not call it silence that others are before one in the line', () => {
    const v = view([0, START], [1, { type: 'phase', phase: 'queued', done: 2, total: 3 }])
    assert.equal(at(v, 9001), 'Waiting: 2 of 3 in line · 9 s')
  })
  it('counts down to the next try when the line is lost', () => {
    const v = { ...view([0, START]), line: { state: 'lost', since: 1_003_000, attempt: 3, again: 1_007_000 } } as const
    assert.equal(at(v, 5000), 'Reconnecting, 1 event received · next try in 2 s · 2 s')
  })
  it('says that a stop is under way until the log has it', () => {
    assert.equal(at({ ...view([0, START]), stopping: true }, 2000), 'Stopping · 2 s')
  })
  it('changes every second in every phase', () => {
    const views = [view(), view([0, START]), ...PHASES.map((phase) => view([0, START], [10, { type: 'phase', phase }]))]
    for (const v of views)
      for (let s = 0; s < 30; s++)
        assert.notEqual(at(v, s * 1000 + 500), at(v, s * 1000 + 1500), JSON.stringify(v.draft.phase))
  })
})

describe('what a screen reader is told', () => {
  it('is the phase and never a word of the answer', () => {
    const one = view(
      [0, START],
      [1, { type: 'phase', phase: 'answering' }],
      [2, { type: 'text.delta', text: 'secret' }],
    )
    const two = view(
      [0, START],
      [1, { type: 'phase', phase: 'answering' }],
      [2, { type: 'text.delta', text: 'other words' }],
    )
    assert.equal(spoken(one), spoken(two))
    assert.equal(spoken(one), 'Writing')
  })
  it('ends with the size of the answer, or with why there is none', () => {
    const usage = { type: 'usage', input: 10, cached: 0, output: 462 } as const
    assert.equal(
      spoken(view([0, START], [1, usage], [2, { type: 'run.end', reason: 'done' }])),
      'Answer ready, 462 tokens',
    )
    assert.equal(spoken(view([0, START], [2, { type: 'run.end', reason: 'cancelled' }])), 'Stopped')
  })
})
