import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newRunId, newSessionId, type SessionId } from '../wire/id.ts'
import { Admission, type Admitted, type Entrant, type Standing } from './admit.ts'
import { PATIENCE } from './queue.ts'
import { handClock } from './testing/hand-clock.ts'
import { numbers } from './testing/numbers.ts'

const turn = () => new Promise(setImmediate)

/** One that asks for a slot: what it was told, and what came of it. */
function asker(admission: Admission, over: Partial<Entrant> & { slots?: number; ms?: number | null } = {}) {
  const { slots = 1, ms = null, ...more } = over
  const stop = new AbortController()
  const told: Standing[] = []
  const it = {
    told,
    stop: () => stop.abort(),
    admitted: undefined as Admitted | null | undefined,
    leave: () => it.admitted?.leave(),
    get place() {
      const last = told.at(-1)
      return it.admitted === undefined ? `${last?.place}/${last?.of}` : it.admitted === null ? 'gone' : 'in'
    },
    get eta() {
      return told.at(-1)?.etaMs
    },
    settled: Promise.resolve(),
  }
  const entered = admission.enter({
    run: newRunId(),
    session: newSessionId(),
    priority: 'interactive',
    places: () => [{ endpoint: 'a', slots }],
    expectMs: () => ms,
    report: (standing) => told.push(standing),
    signal: stop.signal,
    ...more,
  })
  it.settled = entered.then((admitted) => {
    it.admitted = admitted
  })
  return it
}
const places = (askers: readonly { place: string }[]) => askers.map((a) => a.place)

test('whoever finds a slot has it at once; the others are told their place, and each change of it, at once and never twice', async () => {
  const admission = new Admission({ clock: handClock() })
  const all = Array.from({ length: 4 }, () => asker(admission))
  await turn()
  assert.deepEqual(places(all), ['in', '1/3', '2/3', '3/3'])
  all[0]!.leave()
  await turn()
  assert.deepEqual(places(all), ['in', 'in', '1/2', '2/2'])
  all[1]!.leave()
  await turn()
  all[2]!.leave()
  await turn()
  assert.deepEqual(places(all), ['in', 'in', 'in', 'in'])
  assert.deepEqual(
    all.map((a) => a.told.map(({ place, of }) => `${place}/${of}`)),
    [[], ['1/1', '1/2', '1/3'], ['2/2', '2/3', '1/2'], ['3/3', '2/2', '1/1']],
  )
})

test('an interactive run goes before background ones, and a background run that has waited five minutes counts as one', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  const first = asker(admission)
  const background = asker(admission, { priority: 'background' })
  const soon = asker(admission)
  await turn()
  assert.deepEqual(places([background, soon]), ['2/2', '1/2'])
  clock.move(PATIENCE + 1000)
  assert.deepEqual(places([background, soon]), ['1/2', '2/2'], 'told with the second, though nothing else changed')
  first.leave()
  await turn()
  assert.equal(background.place, 'in')
})

test('a session that asks for many turns does not hold up one that asks for one', async () => {
  const admission = new Admission({ clock: handClock() })
  const [greedy, modest, late] = [newSessionId(), newSessionId(), newSessionId()]
  const order: string[] = []
  const all = new Map<string, ReturnType<typeof asker>>()
  const ask = (name: string, session: SessionId) => all.set(name, asker(admission, { session }))
  for (const n of [1, 2, 3, 4]) ask(`greedy ${n}`, greedy)
  ask('modest 1', modest)
  ask('modest 2', modest)
  await turn()
  while (all.size > 0) {
    const [name, inside] = [...all].find(([, a]) => a.place === 'in')!
    order.push(name)
    if (name === 'modest 1') ask('late 1', late)
    all.delete(name)
    inside.leave()
    await turn()
  }
  assert.deepEqual(order, ['greedy 1', 'modest 1', 'late 1', 'greedy 2', 'modest 2', 'greedy 3', 'greedy 4'])
})

test('a session that had its turn is not held up for ever by sessions that are new', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  const session = newSessionId()
  let working = asker(admission, { session })
  await turn()
  const again = asker(admission, { session })
  let turns = 0
  while (again.admitted === undefined) {
    const next = asker(admission)
    assert.ok(++turns < 20, 'it waits for ever')
    clock.move(PATIENCE / 5)
    working.leave()
    await turn()
    working = next
  }
  assert.ok(turns >= 4, 'the new ones do go first for a while')
})

test('it is served wherever it may be, best first, and counted only among those that compete with it', async () => {
  const admission = new Admission({ clock: handClock() })
  const at = (...endpoints: string[]) => ({ places: () => endpoints.map((endpoint) => ({ endpoint, slots: 1 })) })
  const both = asker(admission, at('a', 'b'))
  const next = asker(admission, at('a', 'b'))
  await turn()
  assert.deepEqual([both.admitted?.endpoint, next.admitted?.endpoint], ['a', 'b'])
  const onlyA = asker(admission, at('a'))
  const onlyB = asker(admission, at('b'))
  const either = asker(admission, at('b', 'a'))
  const elsewhere = asker(admission, at('c'))
  await turn()
  assert.deepEqual(places([onlyA, onlyB, either, elsewhere]), ['1/2', '1/2', '3/3', 'in'])
  assert.deepEqual(admission.standing('b'), { busy: 1, waiting: 2 })
  next.leave()
  await turn()
  assert.deepEqual(places([onlyA, onlyB, either]), ['1/2', 'in', '2/2'])
})

test('slots that are discovered late are used within a second, and those that vanish are waited for', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  let slots = 1
  const all = Array.from({ length: 6 }, () => asker(admission, { places: () => [{ endpoint: 'a', slots }] }))
  await turn()
  assert.equal(all.filter((a) => a.place === 'in').length, 1)
  slots = 4
  clock.move(1000)
  await turn()
  assert.deepEqual(places(all.slice(3)), ['in', '1/2', '2/2'])
  slots = 1
  for (const a of all.slice(0, 3)) a.leave()
  clock.move(1000)
  await turn()
  assert.deepEqual(places(all.slice(4)), ['1/2', '2/2'])
  all[3]!.leave()
  await turn()
  assert.equal(all[4]!.place, 'in')
})

test('nothing ticks while nobody waits', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  const first = asker(admission)
  await turn()
  assert.equal(clock.pending, 0)
  const second = asker(admission)
  await turn()
  assert.equal(clock.pending, 1)
  second.stop()
  assert.equal(clock.pending, 0)
  first.leave()
  assert.deepEqual(admission.standing('a'), { busy: 0, waiting: 0 })
})

test('who is cancelled while it waits is gone at once, and the others have moved up in the same moment', async () => {
  const admission = new Admission({ clock: handClock() })
  const all = Array.from({ length: 4 }, () => asker(admission))
  await turn()
  all[1]!.stop()
  assert.deepEqual(places(all.slice(2)), ['1/2', '2/2'])
  await turn()
  assert.equal(all[1]!.place, 'gone')
  const never = asker(admission, { signal: AbortSignal.abort() })
  await turn()
  assert.equal(never.place, 'gone')
})

test('to leave twice gives back one slot', async () => {
  const admission = new Admission({ clock: handClock() })
  const all = Array.from({ length: 4 }, () => asker(admission, { slots: 2 }))
  await turn()
  all[0]!.leave()
  all[0]!.leave()
  await turn()
  assert.deepEqual(places(all), ['in', 'in', 'in', '1/1'])
  assert.deepEqual(admission.standing('a'), { busy: 2, waiting: 1 })
})

test('a slot that becomes free in the moment of a cancel goes to the next, whichever comes first', async () => {
  for (const cancelFirst of [true, false]) {
    const admission = new Admission({ clock: handClock() })
    const shared = new AbortController()
    const first = asker(admission)
    await turn()
    // The holder leaves on the very signal that the first in the queue goes by, before or after it.
    const quit = () => first.leave()
    if (!cancelFirst) shared.signal.addEventListener('abort', quit)
    const cancelled = asker(admission, { signal: shared.signal })
    const next = asker(admission)
    if (cancelFirst) shared.signal.addEventListener('abort', quit)
    await turn()
    shared.abort()
    await turn()
    assert.deepEqual([cancelled.place, next.place], ['gone', 'in'], `cancel first: ${cancelFirst}`)
    next.leave()
    assert.deepEqual(admission.standing('a'), { busy: 0, waiting: 0 })
  }
})

test('one whose report throws fails alone', async () => {
  const admission = new Admission({ clock: handClock() })
  const first = asker(admission)
  const report = () => {
    throw new Error('a bug')
  }
  const broken = asker(admission, { report })
  await assert.rejects(broken.settled, /a bug/)
  const next = asker(admission)
  first.leave()
  await turn()
  assert.equal(next.place, 'in')
})

test('whatever comes, goes and leaves in whatever order: no slot is lost or used twice, and what was told last is what comes true', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = numbers(seed)
    const clock = handClock()
    const admission = new Admission({ clock })
    const sessions = Array.from({ length: 3 }, newSessionId)
    const slots = 1 + Math.floor(random() * 3)
    const all: ReturnType<typeof asker>[] = []
    const left = new Set<ReturnType<typeof asker>>()
    const inside = () => all.filter((a) => a.place === 'in' && !left.has(a))
    for (let i = 0; i < 60; i++) {
      const pick = random()
      if (pick < 0.5) {
        const session = sessions[Math.floor(random() * 3)]!
        all.push(asker(admission, { slots, session, priority: random() < 0.3 ? 'background' : 'interactive' }))
      } else if (pick < 0.65) all[Math.floor(random() * all.length)]?.stop()
      else if (pick < 0.9) {
        const one = inside()[0]
        if (one) left.add(one)
        one?.leave()
      } else clock.move(random() * 3000)
      if (random() < 0.7) await turn()
    }
    await turn()
    const waiting = all.filter((a) => a.admitted === undefined)
    assert.deepEqual(admission.standing('a'), { busy: inside().length, waiting: waiting.length }, `seed ${seed}`)
    assert.ok(inside().length <= slots && (waiting.length === 0 || inside().length === slots), `seed ${seed}`)
    for (const one of inside().slice(1)) {
      left.add(one)
      one.leave()
    }
    await turn()
    for (;;) {
      clock.move(2000) // those far back are told later
      const queue = all.filter((a) => a.admitted === undefined)
      for (const [i, a] of queue.toSorted((a, b) => a.told.at(-1)!.place - b.told.at(-1)!.place).entries())
        assert.equal(a.place, `${i + 1}/${queue.length}`, `seed ${seed}`)
      const holder = inside()[0]
      if (!holder) break
      const next = queue.find((a) => a.told.at(-1)!.place === 1)
      left.add(holder)
      holder.leave()
      await turn()
      if (next) assert.equal(next.place, 'in', `seed ${seed}`)
      else if (inside().length === 0) break
    }
    assert.deepEqual(admission.standing('a'), { busy: 0, waiting: 0 }, `seed ${seed}`)
    assert.equal(clock.pending, 0)
  }
})

test('an estimate is the rest of what is at work and what comes before, and follows the second', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  const all = Array.from({ length: 4 }, () => asker(admission, { ms: 10_000 }))
  await turn()
  assert.deepEqual(
    all.slice(1).map((a) => a.eta),
    [10_000, 20_000, 30_000],
  )
  clock.move(2850)
  assert.deepEqual(
    all.slice(1).map((a) => a.eta),
    [7150, 17_150, 27_150],
  )
  assert.equal(all[1]!.told.length, 6, 'three while others came, and one each second')
})

test('an estimate counts every slot, and takes the endpoint that will be free first', async () => {
  const admission = new Admission({ clock: handClock() })
  const both = () => [
    { endpoint: 'slow', slots: 1 },
    { endpoint: 'fast', slots: 2 },
  ]
  const expectMs = (endpoint: string) => (endpoint === 'slow' ? 60_000 : 10_000)
  const all = Array.from({ length: 7 }, () => asker(admission, { places: both, expectMs }))
  await turn()
  assert.deepEqual(
    all.slice(3).map((a) => a.eta),
    [10_000, 10_000, 20_000, 20_000],
  )
})

test('one that takes longer than expected has a small rest, which grows; where nothing is known, no estimate is made up', async () => {
  const clock = handClock()
  const admission = new Admission({ clock })
  asker(admission, { ms: 10_000 })
  const next = asker(admission, { ms: null })
  const last = asker(admission, { ms: 10_000 })
  clock.move(60_000)
  const early = next.eta!
  clock.move(60_000)
  assert.ok(early > 0 && next.eta! > early && next.eta! < 10_000, `${early}, then ${next.eta}`)
  assert.equal(last.eta, null)
})

/** A queue of so many from the first to the last, each taking `ms`: how often anybody was told anything. */
async function toldOf(count: number, ms: number): Promise<number> {
  const clock = handClock()
  const admission = new Admission({ clock })
  const all = Array.from({ length: count }, () => asker(admission, { ms }))
  for (const one of all) {
    await turn()
    if (ms > 0) clock.move(ms)
    one.leave()
  }
  assert.ok(all.every((a) => a.place === 'in'))
  return all.reduce((n, a) => n + a.told.length, 0)
}

test('what is told grows with those that wait, and not with their square', async () => {
  const [some, many] = [await toldOf(125, 0), await toldOf(500, 0)]
  assert.ok(many / some < 4.5, `${some} for 125, ${many} for 500`)
  assert.ok(many < 500 * 25, `${many} for 500`)
  const [slow, slower] = [await toldOf(125, 1000), await toldOf(500, 1000)]
  assert.ok(slower / slow < 8, `each for a second: ${slow} for 125, ${slower} for 500`)
})
