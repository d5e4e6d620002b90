import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PHASES, type Entry, type RunEvent } from '../../wire/event.ts'
import { fault } from '../../wire/fault.ts'
import { newCallId, newRunId, offset, type AgentName } from '../../wire/id.ts'
import { entriesBy, NO_SCENE, Reel, see, type Scene } from './replay.ts'
import { randomLog } from './testing/random-log.ts'
import { rowWords, traceRows } from './trace-rows.ts'

const ROUTE = {
  agent: 'coder' as AgentName,
  title: 'Coder',
  confidence: 0.8,
  scores: [],
  because: [],
  complexity: 'simple',
  requiresTools: false,
  forced: false,
} as const
const start: RunEvent = { type: 'run.start', session: 'ses_x' as never, agent: ROUTE.agent, route: ROUTE as never }
const asked = (step = 1, endpoint = 'a'): RunEvent => ({ type: 'step.start', step, model: 'm', endpoint })
const sceneOf = (...log: readonly [t: number, event: RunEvent][]): Scene =>
  log.reduce((scene, [t, event], i) => see(scene, { at: offset(i + 1), t, event }), NO_SCENE)
const rowsOf = ({ trace, story }: Scene) => traceRows(trace, story.happenings)
const table = (scene: Scene) => rowsOf(scene).map(({ name, from, to, state }) => [name, from, to, state])

/** What of the time is in no row of the second level, or in two. */
function faultsIn(scene: Scene): string[] {
  const bars = rowsOf(scene).filter(({ level, kind }) => level === 2 && kind !== 'moment')
  const faults: string[] = []
  let reached = 0
  for (const { name, from, to } of bars) {
    if (from !== reached) faults.push(`${name} begins at ${from}, what was before it ended at ${reached}`)
    reached = to ?? Infinity
  }
  const end = scene.trace.end === null ? Infinity : scene.trace.t
  if (reached !== end) faults.push(`the rows end at ${reached}, the run at ${end}`)
  return faults
}

describe('the waterfall', () => {
  it('has no hole and no overlap, also where nothing is said between two events', () => {
    const scene = sceneOf(
      [40, start],
      [60, { type: 'phase', phase: 'queued', done: 2, total: 3 }],
      [500, { type: 'phase', phase: 'loading' }],
      [900, asked()],
      [900, { type: 'phase', phase: 'reading' }],
      [1200, { type: 'text.delta', text: 'so' }],
      [1500, { type: 'step.end', step: 1, finish: 'stop' }],
      [1510, { type: 'run.end', reason: 'done' }],
    )
    assert.deepEqual(table(scene), [
      ['Run', 0, 1510, 'done'],
      ['Routing', 0, 40, 'done'],
      ['Choosing a model', 40, 60, 'done'],
      ['Waiting in line', 60, 500, 'done'],
      ['Loading model', 500, 900, 'done'],
      ['Reading prompt', 900, 1200, 'done'],
      ['Writing', 1200, 1500, 'done'],
      ['Saving', 1500, 1510, 'done'],
    ])
    assert.deepEqual(faultsIn(scene), [])
  })
  it('shows what failed and was thrown away, and what was passed over', () => {
    const scene = sceneOf(
      [0, start],
      [5, { type: 'endpoint.skip', endpoint: 'z', why: 'down' }],
      [10, asked()],
      [20, { type: 'text.delta', text: 'half' }],
      [90, { type: 'step.end', step: 1, finish: 'failed', fault: fault('engine.cut', { endpoint: 'a' }) }],
      [100, asked(1, 'b')],
      [110, { type: 'text.delta', text: 'whole' }],
      [200, { type: 'run.end', reason: 'done' }],
    )
    assert.deepEqual(
      table(scene).map(([name, , , state]) => [name, state]),
      [
        ['Run', 'done'],
        ['Choosing a model', 'done'],
        ['z was passed over: down.', 'failed'],
        ['Asking the model', 'done'],
        ['Writing', 'failed'],
        ['That failed: a closed the connection before the answer was complete.', 'failed'],
        ['Choosing again', 'done'],
        ['Asking the model', 'done'],
        ['Writing', 'done'],
      ],
    )
    assert.equal(scene.trace.spans.find(({ text }) => text === 'half')?.discarded, true)
    assert.deepEqual(faultsIn(scene), [])
  })
  it('shows a stop with its milliseconds, and cuts off what it stopped', () => {
    const scene = sceneOf(
      [0, start],
      [10, asked()],
      [20, { type: 'text.delta', text: 'for ever' }],
      [950, { type: 'phase', phase: 'saving' }],
      [1000, { type: 'run.end', reason: 'cancelled', stopped: { ms: 200, upstream: 'idle' } }],
    )
    assert.deepEqual(table(scene).slice(-2), [
      ['Writing', 20, 800, 'stopped'],
      ['Stopping', 800, 1000, 'stopped'],
    ])
    assert.deepEqual(faultsIn(scene), [])
  })
  it('shows calls, the runs they began inside of the time they took, and the time of a person as that of nobody else', () => {
    const call = newCallId()
    const scene = sceneOf(
      [0, start],
      [0, asked()],
      [100, { type: 'tool.call', call, tool: 'ask_agent', input: { agent: 'researcher' } }],
      [100, { type: 'step.end', step: 1, finish: 'tools' }],
      [120, { type: 'ask.start', ask: 'ask_a' as never, call }],
      [120, { type: 'phase', phase: 'asking' }],
      [700, { type: 'ask.end', ask: 'ask_a' as never, allow: true }],
      [710, { type: 'child.start', run: newRunId(), agent: 'researcher' as AgentName }],
      [1500, { type: 'tool.end', call, ok: true, output: 'found' }],
      [1600, asked(2)],
      [1700, { type: 'run.end', reason: 'done' }],
    )
    assert.deepEqual(
      rowsOf(scene).map(({ name, level, from, to }) => [level, name, from, to]),
      [
        [1, 'Run', 0, 1700],
        [2, 'Asking the model', 0, 100],
        [2, 'Using tools', 100, 120],
        [2, 'Waiting for you', 120, 700],
        [3, 'ask_agent researcher?', 120, 700],
        [2, 'Using tools', 700, 1500],
        [3, 'ask_agent', 700, 1500],
        [4, 'researcher', 710, 1500],
        [2, 'Choosing a model', 1500, 1600],
        [2, 'Asking the model', 1600, 1700],
      ],
    )
    assert.deepEqual(faultsIn(scene), [])
  })
  it('gives the time between two servers to neither', () => {
    const scene = sceneOf(
      [0, start],
      [10, asked()],
      [20, { type: 'text.delta', text: 'begun' }],
      [300, { type: 'text.delta', text: ' and' }],
      [9000, { type: 'run.resume', epoch: 2, step: 1 }],
      [9010, asked()],
      [9020, { type: 'text.delta', text: 'done' }],
    )
    assert.deepEqual(
      table(scene).filter(([name]) => name === 'Server away' || name === 'Writing'),
      [
        ['Writing', 20, 300, 'discarded'],
        ['Server away', 300, 9000, 'done'],
        ['Writing', 9020, null, 'on'],
      ],
    )
    assert.deepEqual(faultsIn(scene), [])
  })
  it('covers every millisecond of any log, at every moment of it', () => {
    for (let seed = 1; seed <= 400; seed++) {
      let scene = NO_SCENE
      for (const entry of randomLog(seed)) {
        scene = see(scene, entry)
        assert.deepEqual(faultsIn(scene), [], `log ${seed}, after entry ${entry.at}`)
      }
    }
  })
  it('keeps the name of a row for as long as there is the row', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const kinds = new Map<string, string>()
      let scene = NO_SCENE
      for (const entry of randomLog(seed)) {
        scene = see(scene, entry)
        const ids = rowsOf(scene).map(({ id, kind }) => [id, kind] as const)
        assert.equal(new Set(ids.map(([id]) => id)).size, ids.length, 'no two rows have one name')
        for (const [id, kind] of ids) {
          assert.equal(kinds.get(id) ?? kind, kind)
          kinds.set(id, kind)
        }
      }
    }
  })
  it('has words for every row: what it is, how it stands, how long it took', () => {
    const scene = sceneOf(
      [0, start],
      [50, { type: 'phase', phase: 'reading', done: 1200, total: 4000, unit: 'tokens' }],
    )
    assert.equal(rowWords(rowsOf(scene).at(-1)!, 2050), 'Reading prompt, 1,200 of 4,000 tokens, going on, 2.0 s')
    for (const phase of PHASES) assert.notEqual(rowsOf(sceneOf([0, { type: 'phase', phase }])).at(-1)!.name, '')
  })
})

describe('the replay', () => {
  it('shows at any moment exactly what the log said by then, in whatever order one looks', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const log = randomLog(seed, 700)
      const plain: Scene[] = [NO_SCENE]
      for (const entry of log) plain.push(see(plain.at(-1)!, entry))
      const reel = new Reel(log)
      for (let i = 0; i < 60; i++) {
        const at = (i * 7919 + seed * 104_729) % (log.length + 1)
        assert.deepEqual(reel.scene(at), plain[at])
      }
      const ms = log[Math.floor(log.length / 2)]!.t
      assert.deepEqual(reel.sceneBy(ms), plain[log.filter(({ t }) => t <= ms).length])
    }
  })
  it('goes on when the log has grown', () => {
    const log: Entry[] = []
    const reel = new Reel(log)
    let plain = NO_SCENE
    for (const entry of randomLog(7, 600)) {
      log.push(entry)
      plain = see(plain, entry)
      assert.equal(reel.scene(log.length).draft.at, plain.draft.at)
    }
    assert.deepEqual(reel.scene(log.length), plain)
  })
  it('finds a moment between, before and after the entries', () => {
    const log = randomLog(3)
    assert.equal(entriesBy(log, -1), 0)
    assert.equal(entriesBy(log, Infinity), log.length)
  })
  it('jumps within a long log without reading all of it', () => {
    const log = Array.from({ length: 20_000 }, (_, i): Entry => {
      const event: RunEvent = i === 0 ? start : i === 1 ? asked() : { type: 'text.delta', text: 'word ' }
      return { at: offset(i + 1), t: i * 10, event }
    })
    const reel = new Reel(log)
    const took = (work: () => void) => {
      const from = performance.now()
      work()
      return performance.now() - from
    }
    const whole = took(() => reel.scene(log.length))
    const jumps = Array.from({ length: 60 }, (_, i) => took(() => reel.scene((i * 7919) % log.length)))
    const middle = jumps.toSorted((a, b) => a - b)[30]!
    assert.ok(middle * 10 < whole, `a jump took ${middle} ms, the whole log ${whole}`)
  })
})
