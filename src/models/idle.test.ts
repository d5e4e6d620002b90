import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { Chosen } from '../core/ports.ts'
import { closeAll, closers, llamaAt, LOADING, ollamaAt, open, serve, until } from './testing/backends-kit.ts'
import { secretsOf } from './look.ts'
import { plain } from './refusal.ts'
import { type Misbehaving, startMisbehaving } from './misbehave.ts'
import { collect, outcome, textOf, turnFor } from './test-kit.ts'

afterEach(closeAll)

const never = new AbortController().signal

async function start(options: Parameters<typeof startMisbehaving>[0] = {}): Promise<Misbehaving> {
  const server = await startMisbehaving(options)
  closers.push(() => server.close())
  return server
}
const rootOf = (server: Misbehaving) => server.url.replace('/v1', '')
async function chosenAt(server: Misbehaving, model: string): Promise<Chosen> {
  return open({ configured: [{ ...llamaAt(rootOf(server)), models: [model] }] }).choose()
}
/** Asks, and stops at the first event for which `when` says so. */
async function stopAt(chosen: Chosen, when: (type: string) => boolean): Promise<void> {
  const stop = new AbortController()
  const events = await collect(chosen.model, turnFor(chosen.name), {
    signal: stop.signal,
    each: ({ type }) => {
      if (when(type)) stop.abort()
    },
  })
  assert.equal(outcome(events), 'quiet')
}

test('a stop is idle only once the server was seen to have let go', async () => {
  let letGo = () => {}
  const server = await start({ letGo: () => new Promise((resolve) => (letGo = resolve)) })
  const chosen = await chosenAt(server, 'slow:5:100000')
  await stopAt(chosen, (type) => type === 'text.delta')
  const seen: string[] = []
  const idle = chosen.idle(never).then((how) => seen.push(how))
  const before = server.slotsAsked
  while (server.slotsAsked < before + 3) await new Promise(setImmediate)
  assert.deepEqual(seen, [], 'its slot is still at work')
  letGo()
  await idle
  assert.deepEqual(seen, ['idle'])
})

test('a stop that is not seen to be carried out in time is busy', async () => {
  const server = await start({ letGo: () => new Promise(() => {}) })
  const chosen = await chosenAt(server, 'reads-long')
  await stopAt(chosen, (type) => type === 'model.open')
  assert.equal(await chosen.idle(AbortSignal.timeout(120)), 'busy')
  assert.equal(await chosen.idle(AbortSignal.timeout(120)), 'busy', 'and still is when it is asked again')
})

test('the work of others, and other streams of ours, do not make a stop look busy', async () => {
  const server = await start()
  server.others = 2
  const chosen = await chosenAt(server, 'slow:5:100000')
  const going = new AbortController()
  const ours = { events: 0 }
  const other = collect(chosen.model, turnFor('slow:5:100000'), {
    signal: going.signal,
    each: () => void ours.events++,
  })
  await until(() => ours.events >= 3)
  await stopAt(chosen, (type) => type === 'text.delta')
  assert.equal(await chosen.idle(never), 'idle')
  const before = ours.events
  await until(() => ours.events >= before + 2)
  going.abort()
  await other
})

test('where no seeds are shown, slots are counted', async () => {
  const server = await start({ hideSeeds: true })
  const chosen = await chosenAt(server, 'slow:5:100000')
  await stopAt(chosen, (type) => type === 'text.delta')
  assert.equal(await chosen.idle(never), 'idle')
  server.others = 1
  assert.equal(await chosen.idle(AbortSignal.timeout(100)), 'busy')
})

test('a backend that cannot tell says so at once', async () => {
  const server = await start()
  const named = { name: 'o', kind: 'openai', url: server.url, models: ['hello'] } as const
  assert.equal(await (await open({ configured: [named] }).choose()).idle(never), 'unknown')
  const noSlots = await start({ noSlots: true })
  assert.equal(await (await chosenAt(noSlots, 'hello')).idle(never), 'unknown')
  assert.equal(await (await open({ configured: [ollamaAt(rootOf(server))] }).choose()).idle(never), 'unknown')
})

test('a request that waits in silence because all slots work for others says that it is queued, then that it reads', async () => {
  const server = await start()
  const chosen = await chosenAt(server, 'waits-for-others')
  server.others = 4
  const phases: string[] = []
  const events = await collect(chosen.model, turnFor(chosen.name), {
    each: (event) => {
      if (event.type !== 'phase') return
      phases.push(event.phase)
      if (event.phase === 'queued') server.others = 3
    },
  })
  assert.deepEqual(phases, ['starting', 'reading', 'queued', 'reading'])
  assert.equal(outcome(events), 'stop')
})

test('a server that is silent with a slot to spare is not said to queue', async () => {
  const server = await start()
  server.others = 3
  const chosen = await chosenAt(server, 'headers-never')
  const before = server.slotsAsked
  const stop = new AbortController()
  const phases: string[] = []
  const done = collect(chosen.model, turnFor(chosen.name), {
    signal: stop.signal,
    each: (event) => void (event.type === 'phase' && phases.push(event.phase)),
  })
  while (server.slotsAsked === before) await new Promise(setImmediate)
  stop.abort()
  await done
  assert.deepEqual(phases, ['starting', 'reading'])
})

test('a router that loads the model on request is seen to load', async () => {
  const server = await start({ router: true })
  const chosen = await chosenAt(server, 'router-loads')
  const phases: string[] = []
  const events = await collect(chosen.model, turnFor(chosen.name), {
    each: (event) => {
      if (event.type !== 'phase') return
      phases.push(event.phase)
      if (event.phase === 'loading') server.loaded()
    },
  })
  assert.deepEqual(phases, ['starting', 'reading', 'loading', 'reading'])
  assert.equal(outcome(events), 'stop')
})

test('a server that dies in mid-answer ends as cut, keeps what was said, and is answered by another at once', async () => {
  const a = await start()
  const b = await start()
  const { backends, whole } = open({
    configured: [
      { ...llamaAt(rootOf(a), 'a'), models: ['dies-mid'] },
      { ...llamaAt(rootOf(b), 'b'), models: ['hello'] },
    ],
  })
  const choice = await whole()
  assert.ok(choice.ok && choice.chosen[0].endpoint === 'a')
  const events = await collect(choice.chosen[0].model, turnFor('dies-mid'))
  const last = events.at(-1)
  assert.ok(last?.type === 'model.fail' && last.fault.code === 'engine.cut')
  assert.equal(textOf(events), 'Half an ans')
  await backends.failed('a', last.fault)
  const next = await whole({ failed: new Set(['a']) })
  assert.ok(next.ok && next.chosen[0].endpoint === 'b')
})

test('a key that a server repeats is told to nobody', async () => {
  const key = 'sk-very-secret-1'
  const server = await start({ models: ['echoes-key'] })
  const { choose, backends, lines } = open({
    configured: [{ name: 'e', kind: 'openai', url: server.url, key, models: ['echoes-key'] }],
  })
  const events = await collect((await choose()).model, turnFor('echoes-key'))
  assert.equal(outcome(events), 'engine.error')
  assert.match(JSON.stringify(events), /the key ••• is/)
  assert.ok(!JSON.stringify([events, backends.list(), lines]).includes(key))
})

test('a stop while a server still loads is idle: nothing there works yet', async () => {
  const server = await serve({ ...LOADING, '/slots': LOADING['/health']!, '/v1/chat/completions': LOADING['/health']! })
  const chosen = await open({ configured: [llamaAt(server.url)] }).choose()
  const stop = new AbortController()
  await collect(chosen.model, turnFor('m'), {
    signal: stop.signal,
    each: (event) => {
      if (event.type === 'phase' && event.phase === 'loading') stop.abort()
    },
  })
  assert.equal(await chosen.idle(never), 'idle')
})

test('a password in an address that a server says back is told to nobody, however it is written', () => {
  const url = 'http://me:p%40ss-word@127.0.0.1:1/v1?token=abcd1234'
  const sent = Buffer.from('me:p@ss-word').toString('base64')
  const said = plain(`p%40ss-word p@ss-word Basic ${sent} abcd1234 k-1234`, secretsOf({ url, key: 'k-1234' }))
  assert.equal(said, '••• ••• Basic ••• ••• •••')
  assert.doesNotThrow(() => secretsOf({ url: 'http://me:100%zz@127.0.0.1/v1' }))
})
