import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PHASES, type RunEvent } from '../../wire/event.ts'
import { newRunId, newSessionId, offset, type AgentName } from '../../wire/id.ts'
import { beginView, hear, type Heard, type RunView } from './run-view.ts'
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
  const begun = beginView(newRunId(), 1_000_000)
  return {
    ...begun,
    ...log.reduce<Heard>((heard, [t, event], i) => hear(heard, { at: offset(i + 1), t, event }), begun),
  }
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
  it('tells how long it is until one is served, as an estimate', () => {
    const v = view(
      [0, START],
      [1, { type: 'phase', phase: 'queued', done: 2, total: 5, etaMs: 12_000, estimated: true }],
    )
    assert.equal(at(v, 1001), 'Waiting: 2 of 5 in line, about 11 s · 1 s')
  })
  it('never shows a guess as a fact', () => {
    const guess = { done: 1203, total: 4000, estimated: true, etaMs: 7000 }
    const reading = view([0, START], [1000, { type: 'phase', phase: 'reading', ...guess }])
    assert.equal(at(reading, 1000), 'Reading your prompt, about 1,200 of 4,000 tokens, about 7 s left · 0 s')
    assert.equal(statusText(reading, reading.began).guessed, true)
    const over = view([0, START], [0, { type: 'phase', phase: 'reading', done: 50, total: 40, estimated: true }])
    assert.ok(statusText(over, over.began).share! < 1)
    const loading = {
      type: 'phase',
      phase: 'loading',
      done: 3,
      total: 7,
      unit: 's',
      estimated: true,
      model: 'm',
    } as const
    const v = view([0, START], [3000, loading])
    assert.equal(at(v, 3000), 'Loading m into memory · 3 of about 7 s')
    assert.equal(at(v, 5500), 'Loading m into memory · 5 of about 7 s')
    assert.equal(at(v, 9000), 'Loading m into memory · 9 s, usually about 7 s · no news for 6 s')
  })
  it('never goes back in what was read, nor lets the end dance', () => {
    const read = (t: number, done: number, etaMs: number): [number, RunEvent] => [
      t,
      { type: 'phase', phase: 'reading', done, total: 4000, etaMs },
    ]
    const v = view([0, START], read(1000, 1200, 8000), read(2000, 1100, 7900), read(3000, 1150, 5500))
    assert.equal(at(v, 3000), 'Reading your prompt 1,200 of 4,000 tokens, about 6 s left · 2 s')
    const later = view([0, START], read(1000, 1200, 8000), read(2000, 1300, 20_000))
    assert.equal(at(later, 2000), 'Reading your prompt 1,300 of 4,000 tokens, about 20 s left · 1 s')
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
    assert.equal(at(v, 5000), 'Writing the answer · about 45 tokens/s · 5 s')
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
    assert.equal(at({ ...view([0, START]), stopping: true }, 2000), 'Stopping… · 2 s')
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
  it('is how far a long phase is, by quarters, and that words leave the machine', () => {
    const far = (done: number, estimated?: true) =>
      spoken(
        view(
          [0, START],
          [1, { type: 'phase', phase: 'reading', done, total: 4000, ...(estimated ? { estimated } : {}) }],
        ),
      )
    assert.equal(far(900), 'Reading prompt')
    assert.equal(far(1001), far(1999))
    assert.equal(far(1999), 'Reading prompt, 25 %')
    assert.equal(far(2000, true), 'Reading prompt, about 50 %')
    const step = { ...STEP, remote: 'api.example.com' }
    const v = view([0, START], [1, step], [2, { type: 'phase', phase: 'answering' }])
    assert.equal(spoken(v), 'Writing, sent to api.example.com')
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
