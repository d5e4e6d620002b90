import assert from 'node:assert/strict'
import { it } from 'node:test'
import type { EnginePhase } from './answer.ts'
import type { Loaded } from './model.ts'
import type { Served } from './served.ts'
import { EngineState, type Seat } from './state.ts'
import { reasonToGiveUp } from './when-idle.ts'

const never = new AbortController().signal
const file = (name: string): Served => ({ key: name, path: `/${name}.gguf`, name, bytes: 1000, practice: false })
const [RED, BLUE, GREEN] = [file('red'), file('blue'), file('green')]
const parameters = { threads: 1, gpu: 'none', gpuLayers: 0, kv: 'f16', batch: 256, sequences: 0, context: 512, why: '' }
const speech = { template: undefined, bos: '', eos: '', control: [], prependBos: false, tokenize: () => [] }

/** A state whose models are loaded when the test says so. */
function scripted() {
  const events: string[] = []
  const pending = new Map<string, PromiseWithResolvers<void>>()
  const state = new EngineState({
    library: Promise.resolve(),
    told: () => undefined,
    broken: (cause) => assert.fail(String(cause)),
    load: async ({ name }, signal) => {
      events.push(`load ${name}`)
      const gate = Promise.withResolvers<void>()
      signal.addEventListener('abort', () => gate.reject(signal.reason), { once: true })
      pending.set(name, gate)
      await gate.promise
      const free = () => Promise.resolve(void events.push(`free ${name}`))
      const rest = { sequences: [], context: 512, bytes: 1000, parameters, speech, free }
      // Nothing here makes a word, so that there need be no vocabulary.
      return rest as unknown as Loaded
    },
  })
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const finish = async (name: string, failing?: Error) => {
    await settle()
    const gate = pending.get(name)
    assert.ok(gate, `${name} is not being loaded: ${events.join(', ')}`)
    if (failing) gate.reject(failing)
    else gate.resolve()
    await settle()
  }
  /** Asks for a seat, and notes when it has one. */
  const ask = (model: Served, who: string, signal: AbortSignal = never) => {
    const phases: EnginePhase[] = []
    const seat = state.seat(model, (phase) => phases.push(phase), signal)
    const seated: Promise<Seat> = seat.then((got) => {
      events.push(got.ok ? `${who} sits at ${got.ready.file.name}` : `${who} ${got.error?.message ?? 'left'}`)
      return got
    })
    return { phases, leave: async () => (await seated).ok && (await seated.then((s) => s.ok && s.leave())), seated }
  }
  return { state, events, finish, settle, ask }
}
const begun = async () => {
  const all = scripted()
  const started = all.state.start(RED)
  await all.finish('red')
  await started
  all.events.length = 0
  return all
}

it('lets only so many in for the model in memory while others wait for another one, and then changes', async () => {
  const { events, ask, finish, settle } = await begun()
  const first = ask(RED, 'first')
  const other = ask(BLUE, 'other')
  const more = Array.from({ length: 10 }, (_, i) => ask(RED, `${i}`))
  await settle()
  assert.deepEqual(
    events,
    ['first', ...more.slice(0, 8).keys()].map((who) => `${who} sits at red`),
  )
  assert.deepEqual(other.phases.at(-1), { phase: 'queued', done: 1, total: 3, model: 'blue' })
  assert.deepEqual(more[9]?.phases.at(-1), { phase: 'queued', done: 3, total: 3, model: 'red' })
  events.length = 0
  await first.leave()
  for (const one of more.slice(0, 8)) await one.leave()
  await finish('blue')
  assert.deepEqual(events, ['free red', 'load blue', 'other sits at blue'])
  assert.deepEqual(other.phases.at(-1)?.phase, 'loading')
  await other.leave()
  await finish('red')
  assert.deepEqual(events.slice(3), ['free blue', 'load red', '8 sits at red', '9 sits at red'])
})

it('loads at first what is asked for first, and not the default before it', async () => {
  const { state, events, ask, finish } = scripted()
  const started = state.start(RED)
  const other = ask(BLUE, 'other')
  assert.equal(other.phases.at(-1)?.phase, 'loading')
  await finish('blue')
  await started
  await other.seated
  assert.deepEqual(events, ['load blue', 'other sits at blue'])
})

it('stops loading a model that nobody waits for any more while others wait for another one', async () => {
  const { events, ask, finish, settle } = await begun()
  const leave = new AbortController()
  ask(BLUE, 'gone', leave.signal)
  await settle()
  const other = ask(GREEN, 'other')
  leave.abort()
  await finish('green')
  await other.leave()
  assert.deepEqual(events, ['free red', 'load blue', 'gone left', 'load green', 'other sits at green'])
})

it('does not change the model for one who left', async () => {
  const { events, ask, settle } = await begun()
  const first = ask(RED, 'first')
  const leave = new AbortController()
  ask(BLUE, 'gone', leave.signal)
  leave.abort()
  await first.leave()
  await settle()
  assert.deepEqual(events, ['first sits at red', 'gone left'])
})

it('refuses those who wait for a model that cannot be loaded, and goes on with the others', async () => {
  const { state, events, ask, finish } = await begun()
  const third = ask(RED, 'third')
  ask(BLUE, 'one')
  ask(BLUE, 'two')
  await third.leave()
  await finish('blue', new Error('it is no model'))
  const why = 'The model blue cannot be loaded: it is no model'
  assert.deepEqual(events, ['third sits at red', 'free red', 'load blue', `one ${why}`, `two ${why}`])
  const back = ask(RED, 'back')
  const again = await state.seat(BLUE, () => undefined, never)
  assert.equal(again.ok, false)
  await finish('red')
  await back.leave()
  assert.equal(events.at(-1), 'back sits at red')
  assert.equal(state.bad(), null)
})

it('does not give a model up again and again for one that cannot be loaded', async () => {
  const { state, events, ask, finish } = await begun()
  ask(BLUE, 'one')
  await finish('blue', new Error('it is no model'))
  const back = ask(RED, 'back')
  await finish('red')
  await back.leave()
  events.length = 0
  const again = await state.seat(BLUE, () => undefined, never)
  assert.equal(again.ok ? null : again.error?.message, 'The model blue cannot be loaded: it is no model')
  assert.deepEqual([events, state.now()?.file], [[], RED])
  // Another file under that name is another model.
  ask({ ...BLUE, key: 'other' }, 'other')
  await finish('blue')
  assert.deepEqual(events, ['free red', 'load blue', 'other sits at blue'])
})

it('gives its model up only while nobody sits there or waits, and loads it again', async () => {
  const { state, events, ask, finish } = await begun()
  const first = ask(RED, 'first')
  assert.equal(await state.unload('idle'), false)
  await first.leave()
  assert.equal(await state.unload('idle'), true)
  assert.equal(await state.unload('idle'), false)
  assert.equal(state.now(), null)
  const next = ask(RED, 'next')
  await finish('red')
  await next.leave()
  assert.deepEqual(events, ['first sits at red', 'free red', 'load red', 'next sits at red'])
})

it('knows two reasons to give a model up: time, and memory that is short', () => {
  const GIB = 1024 ** 3
  const at = { idleMs: 5000, limitMs: 60_000, free: 8 * GIB, total: 16 * GIB }
  assert.equal(reasonToGiveUp(at), null)
  assert.match(reasonToGiveUp({ ...at, idleMs: 60_000 }) ?? '', /nobody asked for 60 s/)
  assert.match(reasonToGiveUp({ ...at, free: 0.7 * GIB }) ?? '', /memory is short: 717 MiB/)
  assert.equal(reasonToGiveUp({ ...at, free: 0.7 * GIB, idleMs: 100 }), null)
  assert.equal(reasonToGiveUp({ ...at, limitMs: 0, idleMs: 1e9 }), null)
  assert.match(reasonToGiveUp({ ...at, total: GIB, free: 0.25 * GIB }) ?? '', /short/)
})
