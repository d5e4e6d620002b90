import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { scriptedModel } from '../models/scripted.ts'
import { EMPTY, foldAll, type Draft } from '../wire/fold.ts'
import { LOCAL, START, type RunId } from '../wire/id.ts'
import type { Speed } from '../wire/model.ts'
import type { Clock } from './ports.ts'
import { rememberedSpeeds } from './speeds.ts'
import { handClock } from './testing/hand-clock.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'

const RUNS = 6
const WORDS = 10
/** What a model that takes `ms` for an answer has been seen to do before. */
const steady = (ms: number): Speed => ({
  read: 10_000,
  write: (WORDS * 1000) / ms,
  loadMs: null,
  answer: WORDS,
  answers: 9,
})

function steadyModel(clock: Clock, ms: number) {
  return scriptedModel(async function* () {
    for (let i = 0; i < WORDS; i++) {
      await new Promise<void>((resolve) => clock.after(ms / WORDS, resolve))
      yield 'word '
    }
    yield { type: 'usage', input: 20, cached: 0, output: WORDS, decodeMs: ms } as const
  })
}

/** Six runs of six sessions at one slot, and what each draft looks like while they go. */
async function open(clock: Clock, ms: number, { model = steadyModel(clock, ms), at = 'here', instructions = '' } = {}) {
  const speeds = rememberedSpeeds({ 'here scripted': steady(ms) })
  const backends = listed(chosen(model, { slots: 1, endpoint: at }))
  const agents = [agentNamed('general', instructions === '' ? {} : { instructions })]
  const rig = await openRig({ backends, clock, speeds, agents })
  const runs: RunId[] = []
  const drafts = new Map<RunId, Draft>()
  const readers: Promise<void>[] = []
  for (let i = 0; i < RUNS; i++) {
    const run = await rig.say('go', { session: (await rig.store.createSession(LOCAL, null)).id })
    runs.push(run)
    readers.push(
      (async () => {
        for await (const batch of rig.store.read(run, START, new AbortController().signal))
          drafts.set(run, foldAll(drafts.get(run) ?? EMPTY, batch))
      })(),
    )
  }
  /** Each estimate that was made, and how long it really took from then on. */
  const estimates = async () => {
    const all: { etaMs: number; waited: number }[] = []
    for (const run of runs) {
      const entries = await rig.entries(run)
      const begun = entries.find((e) => e.event.type === 'step.start')!.t
      for (const { t, event } of entries)
        if (event.type === 'phase' && event.phase === 'queued') {
          assert.ok(event.etaMs !== undefined && event.estimated, 'each has an estimate, and says so')
          all.push({ etaMs: event.etaMs, waited: begun - t })
        }
    }
    return all
  }
  return { rig, runs, drafts, over: Promise.all(readers), estimates }
}

test('one slot, six runs: at every moment each has its true place, they are served in that order, and the estimates hold', async () => {
  const clock = handClock()
  const { rig, runs, drafts, over, estimates } = await open(clock, 10_000)
  const seen: Map<RunId, Draft>[] = []
  const ended = () => runs.every((run) => drafts.get(run)?.end)
  while (!ended()) {
    for (let i = 0; i < 8; i++) await new Promise(setImmediate)
    seen.push(new Map(drafts))
    clock.move(100)
    assert.ok(clock.now() < 120_000, 'it is over by then')
  }
  await over
  const order = runs.toSorted(
    (a, b) => seen.findIndex((at) => at.get(a)?.steps.length) - seen.findIndex((at) => at.get(b)?.steps.length),
  )
  assert.deepEqual(order, runs, 'each of another session: by arrival')
  let moments = 0
  for (const at of seen) {
    const waiting = order.filter((run) => !at.get(run)?.steps.length)
    assert.ok(
      RUNS - waiting.length - [...at.values()].filter((draft) => draft.end).length <= 1,
      'one at work at a time',
    )
    for (const [i, run] of waiting.entries()) {
      const phase = at.get(run)?.phase
      assert.deepEqual([phase?.phase, phase?.done, phase?.total], ['queued', i + 1, waiting.length])
      moments++
    }
  }
  assert.ok(moments > 1000)
  const made = await estimates()
  const worst = Math.max(...made.map(({ etaMs, waited }) => Math.abs(etaMs - waited) / Math.max(waited, 1000)))
  assert.ok(made.length > 100 && worst <= 0.3, `${made.length} estimates, wrong by ${worst} at most`)
  await rig.close()
})

/** Reads ten milliseconds a token, and holds its instructions once it has read them; then it says ten words in two seconds. */
function holdingModel(clock: Clock) {
  const pause = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
  return scriptedModel(async function* (_, nth) {
    const [input, cached] = [530, nth === 1 ? 0 : 512]
    const prefillMs = (input - cached) * 10
    await pause(prefillMs)
    for (let i = 0; i < WORDS; i++) {
      await pause(200)
      yield 'word '
    }
    yield { type: 'usage', input, cached, output: WORDS, prefillMs, decodeMs: 2000 } as const
  })
}

test('instructions that a model holds from another session are not counted as to be read, once it was seen to', async () => {
  const clock = handClock()
  const model = holdingModel(clock)
  const { rig, runs, drafts } = await open(clock, 2000, { model, instructions: 'Be kind. '.repeat(200) })
  while (!runs.every((run) => drafts.get(run)?.end)) {
    for (let i = 0; i < 8; i++) await new Promise(setImmediate)
    clock.move(100)
    assert.ok(clock.now() < 120_000, 'it is over by then')
  }
  const logs = await Promise.all(runs.map(async (run) => rig.entries(run)))
  const begun = logs.map((log) => log.find((e) => e.event.type === 'step.start')!.t)
  let made = 0
  for (const [i, log] of logs.entries())
    for (const { t, event } of log) {
      // While the first one was at work, which was cold, nobody knew how the next ones would be.
      if (event.type !== 'phase' || event.phase !== 'queued' || t < begun[1]!) continue
      const [told, waited] = [event.etaMs ?? NaN, begun[i]! - t]
      assert.ok(Math.abs(told - waited) <= Math.max(waited, 1000) * 0.3, `${told} told, ${waited} waited`)
      made++
    }
  assert.ok(made > 15, `${made} estimates`)
  await rig.close()
})

test('where a model was never asked, its pace at another endpoint is what is known of it', async () => {
  const clock = handClock()
  const { rig, runs, drafts, estimates } = await open(clock, 2000, { at: 'elsewhere' })
  while (!runs.every((run) => drafts.get(run)?.end)) {
    for (let i = 0; i < 8; i++) await new Promise(setImmediate)
    clock.move(100)
    assert.ok(clock.now() < 120_000, 'it is over by then')
  }
  for (const { etaMs, waited } of await estimates())
    assert.ok(Math.abs(etaMs - waited) <= Math.max(waited, 1000) * 0.3, `${etaMs} told, ${waited} waited`)
  await rig.close()
})

test('by the clock on the wall, what was first told of the wait is of its order', async () => {
  const { rig, over, estimates } = await open(systemClock, 200)
  await over
  const made = await estimates()
  for (const { etaMs, waited } of made)
    if (waited > 200) assert.ok(etaMs > waited / 8 && etaMs < waited * 3, `${etaMs} told, ${waited} waited`)
  await rig.close()
})

/** How many entries so many runs at one slot leave in their logs. */
async function entriesOf(count: number): Promise<number> {
  const rig = await openRig({
    backends: listed(chosen(scriptedModel(['done']), { slots: 1 })),
    runs: count,
    idle: true,
  })
  const runs: RunId[] = []
  for (let i = 0; i < count; i++)
    runs.push(await rig.say('go', { session: (await rig.store.createSession(LOCAL, null)).id }))
  rig.start()
  let entries = 0
  for (const run of runs) entries += (await rig.entries(run)).length
  await rig.close()
  return entries
}

test('a queue of many costs entries by their number, and not by its square', async () => {
  const [some, many] = [await entriesOf(100), await entriesOf(400)]
  assert.ok(many / some < 5, `${some} for 100, ${many} for 400`)
  assert.ok(many < 400 * 40, `${many} for 400`)
})

test('a run that is cancelled in the queue is over at once, and leaves no slot taken', async () => {
  const clock = handClock()
  const { rig, runs, drafts, over } = await open(clock, 1000)
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
  const third = runs[2]!
  assert.equal(drafts.get(third)?.phase?.done, 2)
  await rig.store.cancel(LOCAL, third)
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
  assert.equal(drafts.get(third)?.end?.reason, 'cancelled', 'no time has passed')
  assert.equal(drafts.get(runs[5]!)?.phase?.done, 4)
  while (!runs.every((run) => drafts.get(run)?.end)) {
    clock.move(100)
    for (let i = 0; i < 8; i++) await new Promise(setImmediate)
  }
  await over
  assert.deepEqual(rig.admission.standing('here'), { busy: 0, waiting: 0 })
  await rig.close()
})
