import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Entry, RouteDecision, RunEvent } from '../wire/event.ts'
import { fault } from '../wire/fault.ts'
import { frameReader } from '../wire/frame.ts'
import { AgentName, newRunId, newSessionId, offset } from '../wire/id.ts'
import { seedView } from './seed.ts'

const agent = AgentName.parse('coder')
const route: RouteDecision = {
  agent,
  title: 'Coder',
  confidence: 0.8,
  scores: [{ agent, score: 0.8 }],
  because: [{ feature: 'python', weight: 2 }],
  complexity: 'simple',
  requiresTools: false,
  forced: false,
}
const session = newSessionId()
const run = newRunId()
const step: RunEvent = { type: 'step.start', step: 1, model: 'm', endpoint: 'e' }
const text = (t: string): RunEvent => ({ type: 'text.delta', text: t })
const entriesOf = (events: readonly RunEvent[]): Entry[] =>
  events.map((event, i) => ({ at: offset(i + 1), t: i * 100, event }))

/** The frames that an old client reads, however the log's entries are cut into batches. */
function framesOf(events: readonly RunEvent[], size = 1) {
  const view = seedView(session, run)
  const entries = entriesOf(events)
  let stream = ''
  for (let i = 0; i < entries.length; i += size) stream += view(entries.slice(i, i + size))
  return frameReader()(stream).map(({ event, data }) => ({ event, data: JSON.parse(data) as Record<string, unknown> }))
}
const said = (events: readonly RunEvent[], size?: number) =>
  framesOf(events, size)
    .filter((f) => f.event === 'chunk')
    .map((f) => f.data['content'])
    .join('')

const good: RunEvent[] = [
  { type: 'run.start', session, agent, route },
  { type: 'phase', phase: 'reading', done: 1, total: 2 },
  step,
  { type: 'thought.delta', text: 'hm' },
  text('Hello'),
  text(' there'),
  { type: 'run.end', reason: 'done' },
]

test('an answer is start, chunks and done, with every field that the old clients read', () => {
  const frames = framesOf(good)
  assert.deepEqual(
    frames.map((f) => f.event),
    ['start', 'chunk', 'chunk', 'done'],
  )
  const [start, , , done] = frames.map((f) => f.data)
  assert.equal(start?.['agent'], 'coder')
  assert.equal(start?.['agent_name'], 'Coder')
  assert.equal(start?.['session_id'], session)
  assert.equal(start?.['task_id'], run)
  const routing = start?.['routing']
  assert.ok(typeof routing === 'object' && routing !== null && 'classification' in routing)
  assert.deepEqual(Object.keys(routing.classification ?? {}), [
    'agent_type',
    'complexity',
    'confidence',
    'reasoning',
    'requires_tools',
  ])
  assert.deepEqual(done, {
    type: 'done',
    execution_time: 0.6,
    tools_used: [],
    response: 'Hello there',
    agent_used: 'coder',
    agent_name: 'Coder',
  })
})

test('an event that is not a chunk carries no content, and one that is not a failure no error', () => {
  for (const { event, data } of framesOf(good)) {
    assert.equal('content' in data, event === 'chunk')
    assert.equal('error' in data, false)
  }
})

test('a failure is an error event that says what to do', () => {
  const frames = framesOf([
    ...good.slice(0, -1),
    { type: 'run.end', reason: 'failed', fault: fault('engine.cut', { endpoint: 'x' }) },
  ])
  const last = frames.at(-1)
  assert.equal(last?.event, 'error')
  assert.match(String(last?.data['content']), /closed the connection.*Anything that was written is kept/)
})

test('a step that is begun again and says the same is told once', () => {
  for (const size of [1, 2, 100])
    assert.equal(
      said(
        [good[0]!, step, text('one two '), step, text('one '), text('two three'), { type: 'run.end', reason: 'done' }],
        size,
      ),
      'one two three',
      `batches of ${size}`,
    )
})

test('a step that is gone on with is told as one answer, also after it was begun again', () => {
  const on: RunEvent = { type: 'step.continue', step: 1, model: 'm', endpoint: 'f', by: 'prefill', kept: 8 }
  const end: RunEvent = { type: 'run.end', reason: 'done' }
  for (const size of [1, 2, 100]) {
    assert.equal(said([good[0]!, step, text('one two '), on, text('three'), end], size), 'one two three')
    assert.equal(
      said([good[0]!, step, text('one two '), step, text('one '), on, text('two '), on, text('three'), end], size),
      'one two three',
    )
  }
})

test('nothing but white space before a step is begun again is no word that would have to be unsaid', () => {
  const end: RunEvent = { type: 'run.end', reason: 'done' }
  const next: RunEvent = { ...step, step: 2 }
  for (const size of [1, 2, 100]) {
    assert.equal(said([good[0]!, step, text('\n\n'), step, text('one'), end], size), '\n\none')
    assert.equal(said([good[0]!, step, text('one '), next, text('\n'), next, text('two'), end], size), 'one \ntwo')
  }
})

test('a step that is begun again and says something else is told whole, after a line that says so', () => {
  for (const size of [1, 2, 100])
    assert.equal(
      said(
        [good[0]!, step, text('one two'), step, text('one '), text('four'), { type: 'run.end', reason: 'done' }],
        size,
      ),
      'one two\n\n[The answer was begun again]\n\none four',
      `batches of ${size}`,
    )
})

test('done tells the whole answer, also where chunks had to be told twice', () => {
  const done = framesOf([good[0]!, step, text('one two'), step, text('other'), { type: 'run.end', reason: 'done' }]).at(
    -1,
  )
  assert.equal(done?.data['response'], 'other')
})
