import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, RunEvent } from './event.ts'
import { EMPTY, fold, foldAll, LogGap, textOf, thoughtOf, toolsOf } from './fold.ts'
import { fault } from './fault.ts'
import { offset, type CallId } from './id.ts'

const log = (...events: RunEvent[]): Entry[] => events.map((event, i) => ({ at: offset(i + 1), t: i * 10, event }))
const step = (n: number): RunEvent => ({ type: 'step.start', step: n, model: 'm', endpoint: 'e' })
const text = (t: string): RunEvent => ({ type: 'text.delta', text: t })
const call = 'call_1' as CallId

test('neighbouring words are one part, and thoughts are not part of the answer', () => {
  const draft = foldAll(
    EMPTY,
    log(step(1), { type: 'thought.delta', text: 'hm' }, { type: 'thought.delta', text: '…' }, text('Hel'), text('lo')),
  )
  assert.equal(textOf(draft), 'Hello')
  assert.equal(thoughtOf(draft), 'hm…')
  assert.deepEqual(
    draft.parts.map((p) => p.kind),
    ['thought', 'text'],
  )
})

test('an entry that was folded before changes nothing, and one that skips an offset is refused', () => {
  const entries = log(step(1), text('a'), text('b'), text('c'))
  const whole = foldAll(EMPTY, entries)
  assert.equal(foldAll(whole, entries), whole)
  assert.deepEqual(foldAll(foldAll(EMPTY, entries.slice(0, 3)), entries), whole)
  assert.throws(() => fold(EMPTY, entries[1]!), LogGap)
})

test('a step that is begun again discards what it had said, and nothing of the steps before', () => {
  const draft = foldAll(
    EMPTY,
    log(
      step(1),
      text('one '),
      { type: 'step.end', step: 1, finish: 'tools' },
      step(2),
      text('tw'),
      { type: 'usage', input: 1, cached: 0, output: 1 },
      { type: 'step.end', step: 2, finish: 'failed', fault: fault('engine.cut') },
      step(2),
      text('two'),
    ),
  )
  assert.equal(textOf(draft), 'one two')
  assert.equal(draft.steps.at(-1)?.attempt, 2)
  assert.equal(draft.steps.length, 2)
  assert.deepEqual(draft.usage, [])
})

test('a step that is gone on with keeps what it had said, and its words join on to those before', () => {
  const entries = log(
    step(1),
    { type: 'thought.delta', text: 'hm' },
    text('The quick bro'),
    { type: 'step.end', step: 1, finish: 'failed', fault: fault('engine.cut') },
    { type: 'endpoint.skip', endpoint: 'e', model: 'm', why: 'failed just now' },
    { type: 'endpoint.skip', endpoint: '-', why: 'no model can see' },
    { type: 'step.continue', step: 1, model: 'n', endpoint: 'f', remote: 'far', by: 'shown', kept: 13 },
    { type: 'phase', phase: 'answering' },
    text('wn fox'),
    { type: 'step.end', step: 1, finish: 'stop' },
  )
  const draft = foldAll(EMPTY, entries)
  assert.equal(textOf(draft), 'The quick brown fox')
  assert.deepEqual(
    draft.parts.map(({ kind, from, to }) => [kind, from, to]),
    [
      ['thought', 10, 10],
      ['text', 20, 80],
    ],
  )
  const [one] = draft.steps
  assert.deepEqual(
    [one?.model, one?.endpoint, one?.remote, one?.attempt, one?.finish, one?.fault],
    ['n', 'f', 'far', 2, 'stop', null],
  )
  assert.deepEqual(one?.joints, [{ kept: 13, t: 60, by: 'shown', model: 'n', endpoint: 'f' }])
  assert.deepEqual(
    draft.skips.map(({ endpoint, model }) => [endpoint, model]),
    [
      ['e', 'm'],
      ['-', null],
    ],
  )
  const under = foldAll(EMPTY, entries.slice(0, 7)).steps[0]
  assert.deepEqual([under?.finish, under?.fault, under?.to], [null, null, null])
  const anew = foldAll(draft, [{ at: offset(11), t: 100, event: step(1) }])
  assert.deepEqual([textOf(anew), anew.steps[0]?.joints, anew.steps[0]?.attempt], ['', [], 3])
})

test('how a stop was carried out is part of the end', () => {
  const stopped = { ms: 12, upstream: 'idle' } as const
  assert.deepEqual(
    foldAll(EMPTY, log(step(1), { type: 'run.end', reason: 'cancelled', stopped })).end?.stopped,
    stopped,
  )
  assert.equal(foldAll(EMPTY, log(step(1), { type: 'run.end', reason: 'done' })).end?.stopped, null)
})

test('a tool call is one part from its call to its end', () => {
  const draft = foldAll(
    EMPTY,
    log(
      step(1),
      { type: 'tool.call', call, tool: 'grep', input: { q: 'x' } },
      { type: 'tool.delta', call, text: 'a' },
      { type: 'tool.delta', call, text: 'b' },
      { type: 'tool.end', call, ok: true, output: 'ab' },
    ),
  )
  assert.deepEqual(toolsOf(draft), ['grep'])
  const [part] = draft.parts
  assert.ok(part?.kind === 'tool')
  assert.equal(part.text, 'ab')
  assert.deepEqual(part.result, { ok: true, output: 'ab' })
})

test('phases keep when they began, and progress within one is not a new phase', () => {
  const draft = foldAll(
    EMPTY,
    log(
      { type: 'phase', phase: 'reading', done: 1, total: 4 },
      { type: 'phase', phase: 'reading', done: 3, total: 4 },
      { type: 'phase', phase: 'answering' },
    ),
  )
  assert.deepEqual(
    draft.phases.map((p) => [p.phase, p.since, p.done]),
    [
      ['reading', 0, 3],
      ['answering', 20, undefined],
    ],
  )
})

test('folding never changes what it is given', () => {
  const entries = log(step(1), text('a'), { type: 'phase', phase: 'answering' }, text('b'), {
    type: 'run.end',
    reason: 'done',
  })
  let draft = EMPTY
  for (const entry of entries) {
    const before = structuredClone(draft)
    const next = fold(draft, entry)
    assert.deepEqual(draft, before)
    draft = next
  }
  assert.equal(draft.end?.reason, 'done')
})
