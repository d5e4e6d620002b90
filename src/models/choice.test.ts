import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import type { Choice } from '../core/ports.ts'
import { fault } from '../wire/fault.ts'
import { startMisbehaving } from './misbehave.ts'
import { collect, turnFor } from './test-kit.ts'
import {
  closeAll,
  closers,
  engineOf,
  llamaAt,
  llamaReplies,
  LOADING,
  manualClock,
  nowhereRoot,
  ollamaAt,
  ollamaReplies,
  open,
  serve,
  until,
  WANTED,
} from './testing/backends-kit.ts'

afterEach(closeAll)

const namesOf = (choice: Choice) => (choice.ok ? choice.chosen.map(({ endpoint, name }) => `${endpoint}/${name}`) : [])
const skippedOf = ({ skipped }: Choice) => skipped.map(({ endpoint, model, why }) => `${endpoint} ${model}: ${why}`)
const broken = (endpoint: string) => fault('engine.error', { endpoint, what: 'the weights have melted' })

test('a preference over capabilities finds the first model that is known to have them', async () => {
  const a = await serve(llamaReplies('plain'))
  const o = await serve(ollamaReplies('able:latest'))
  const { whole } = open({ configured: [llamaAt(a.url, 'a'), ollamaAt(o.url)] })
  assert.deepEqual(namesOf(await whole({ models: ['tools'] })), ['ollama/able:latest'])
  assert.deepEqual(namesOf(await whole({ models: ['vision', 'context>=8k'] })), ['a/plain'])
})

test('what nothing fulfils is told once, and the choice falls back to what there is', async () => {
  const a = await serve(llamaReplies('plain'))
  const { whole } = open({ configured: [llamaAt(a.url, 'a')] })
  const choice = await whole({ models: ['tools+vision', 'absent'] })
  assert.deepEqual(namesOf(choice), ['a/plain'])
  assert.deepEqual(skippedOf(choice), [
    '- null: no model is known to have tools+vision',
    '- absent: no endpoint has a model of that name',
  ])
  assert.deepEqual((await whole({ models: ['plain'] })).skipped, [])
})

test('what is down is passed over with the reason, and what was only looked for is not spoken of', async () => {
  const a = await serve(llamaReplies('m'))
  const b = await serve(llamaReplies('m'))
  const { whole, backends } = open({
    configured: [llamaAt(a.url, 'a'), llamaAt(b.url, 'b')],
    usual: [llamaAt(await nowhereRoot(), 'usual')],
  })
  assert.deepEqual(namesOf(await whole()), ['a/m', 'b/m'])
  await a.close()
  await backends.failed('a', fault('engine.unreachable', { endpoint: 'a', what: 'gone' }))
  await until(() => backends.list()[0]?.state === 'down')
  const choice = await whole({ models: ['m'] })
  assert.deepEqual(namesOf(choice), ['b/m'])
  assert.match(skippedOf(choice).join('\n'), /^a m: down since \d\d:\d\d:\d\d: nothing listens at [\d.:]+$/)
})

test('endpoints that serve the same model share the load by their slots, and others are not among them', async () => {
  const a = await serve(llamaReplies('m'))
  const b = await serve(llamaReplies('m'))
  const c = await serve(llamaReplies('other'))
  const { whole } = open({
    configured: [{ ...llamaAt(a.url, 'a'), slots: 1 }, { ...llamaAt(b.url, 'b'), slots: 4 }, llamaAt(c.url, 'c')],
  })
  const at = (load: Record<string, number>) => whole({ load: (endpoint) => load[endpoint] ?? 0 }).then(namesOf)
  assert.deepEqual(await at({}), ['a/m', 'b/m'])
  assert.deepEqual(await at({ a: 1 }), ['b/m', 'a/m'])
  assert.deepEqual(await at({ a: 1, b: 3 }), ['b/m', 'a/m'])
  assert.deepEqual(await at({ a: 1, b: 5 }), ['a/m', 'b/m'])
  assert.deepEqual(namesOf(await whole({ models: ['b/m'] })), ['b/m'], 'a wish for one endpoint is for that one')
})

test('an endpoint whose slots all work for others is busy, comes after its like, and is waited for if it has none', async () => {
  const at = (processing: boolean) => ({ id: 0, is_processing: processing, params: { seed: 5 } })
  const a = await serve({ ...llamaReplies('m'), '/slots': [at(true), at(true), at(true)] })
  const b = await serve({ ...llamaReplies('m'), '/slots': [at(true), at(true), at(false)] })
  const { whole, backends, lines } = open({ configured: [llamaAt(a.url, 'a'), llamaAt(b.url, 'b')] })
  assert.deepEqual(namesOf(await whole()), ['b/m', 'a/m'])
  assert.deepEqual(
    backends.list().map(({ state }) => state),
    ['busy', 'up'],
  )
  assert.match(backends.list()[0]?.why ?? '', /all its slots \(3\) are at work/)
  assert.ok(lines.some(({ text }) => /a at .* is busy/.test(text)))
  assert.deepEqual(namesOf(await open({ configured: [llamaAt(a.url, 'a')] }).whole()), ['a/m'])
})

test('what failed in this step comes last, and is used again if there is nothing else', async () => {
  const a = await serve(llamaReplies('m'))
  const o = await serve(ollamaReplies('x:latest'))
  const { whole } = open({ configured: [llamaAt(a.url, 'a'), ollamaAt(o.url)] })
  const choice = await whole({ models: ['m'], failed: new Set(['a']) })
  assert.deepEqual(namesOf(choice), ['ollama/x:latest'])
  assert.deepEqual(skippedOf(choice), ['a m: it failed just now'])
  assert.deepEqual(namesOf(await whole({ models: ['m'], failed: new Set(['a', 'ollama']) })), ['a/m'])
})

test('the practice model does not go on for a real one that failed, as long as that can be asked', async () => {
  const a = await serve(llamaReplies('m'))
  const { whole } = open({ configured: [llamaAt(a.url, 'a')] }, { engine: engineOf(true) })
  assert.deepEqual(namesOf(await whole({ failed: new Set(['a']) })), ['a/m'])
})

test('an endpoint that looks well and fails again and again is left alone for a while, then tried by one run', async () => {
  const time = manualClock()
  const a = await serve(llamaReplies('m'))
  const b = await serve(llamaReplies('m'))
  const { whole, backends, lines } = open({ configured: [llamaAt(a.url, 'a'), llamaAt(b.url, 'b')] }, { clock: time })
  assert.deepEqual(namesOf(await whole()), ['a/m', 'b/m'])
  for (let i = 0; i < 3; i++) await backends.failed('a', broken('a'))
  const passed = await whole()
  assert.deepEqual(namesOf(passed), ['b/m'])
  assert.match(skippedOf(passed).join(), /^a null: it failed again and again and is tried again in 2 s .*melted/)
  assert.match(backends.list()[0]?.why ?? '', /again and again/)
  assert.ok(lines.some(({ text, level }) => level === 'warn' && /left alone for 2 s/.test(text)))
  time.pass(2000)
  assert.deepEqual(namesOf(await whole()), ['a/m'], 'one tries it, alone')
  assert.deepEqual(namesOf(await whole()), ['b/m'], 'the next does not')
  backends.worked('a')
  assert.deepEqual(namesOf(await whole()), ['a/m', 'b/m'])
  assert.match(lines.at(-1)?.text ?? '', /a answers again/)
})

test('one that always fails is still asked where there is no other', async () => {
  const a = await serve(llamaReplies('m'))
  const { whole, backends } = open({ configured: [llamaAt(a.url, 'a')] })
  await whole()
  for (let i = 0; i < 5; i++) await backends.failed('a', broken('a'))
  assert.deepEqual(namesOf(await whole()), ['a/m'])
})

test('a wish for something here is never given to a public address, unless that is named', async () => {
  const here = await serve(llamaReplies('m'))
  const { whole, backends } = open({
    configured: [
      { name: 'away', kind: 'openai', url: 'http://model.invalid/v1', models: ['m', 'big'] },
      llamaAt(here.url, 'here'),
    ],
  })
  assert.deepEqual(namesOf(await whole({ models: ['m'] })), ['here/m'])
  for (const wish of ['m', 'big', 'away/big', 'tools'])
    for (const { endpoint } of (await whole({ models: [wish] })).skipped.filter(({ model }) => model === 'm'))
      assert.notEqual(endpoint, 'away')
  assert.match(skippedOf(await whole({ models: ['away/big'] })).join(), /^away big: down since/)
  assert.equal(backends.list()[0]?.state, 'down')
})

test('the models of the engine come in the order of what it offers now, and a file that came since is among them', async () => {
  const offered = { names: ['old'] }
  const engine = {
    ...engineOf(false),
    offer: () => Promise.resolve(offered.names.map((name) => ({ name, bytes: 7, practice: false }))),
  }
  const { whole, backends } = open({}, { engine })
  assert.deepEqual(namesOf(await whole()), ['engine/old'])
  offered.names = ['new', 'old']
  assert.deepEqual(namesOf(await whole()), ['engine/new'])
  assert.deepEqual(namesOf(await whole({ models: ['old'] })), ['engine/old'])
  assert.deepEqual(
    backends.list()[0]?.models.map(({ name }) => name),
    ['new', 'old'],
  )
})

test('a model that could not be loaded is passed over for the next one, by name, unless the user names it or a while has passed', async () => {
  const clock = manualClock()
  const engine = {
    ...engineOf(false),
    offer: async () => ['big', 'small'].map((name) => ({ name, bytes: 7, practice: false })),
  }
  const { backends, choose, whole } = open({}, { engine, clock })
  assert.equal((await choose()).name, 'big')
  await backends.failed('engine', fault('model.broken', { endpoint: 'engine', model: 'big', why: 'it ends too early' }))
  const next = await whole({ failed: new Set(['engine']) })
  assert.equal(next.ok && next.chosen[0].name, 'small')
  assert.deepEqual(
    (await whole()).skipped.map(({ endpoint, model, why }) => [endpoint, model, why]),
    [['engine', 'big', 'it cannot be loaded: it ends too early']],
  )
  assert.equal((await choose({ models: ['big'] })).name, 'small', 'what an agent prefers is no order')
  assert.equal((await choose({ models: ['big'], named: 'big' })).name, 'big')
  await backends.failed('engine', fault('model.broken', { endpoint: 'engine', model: 'small', why: 'so does it' }))
  assert.equal((await choose()).name, 'big', 'there is nothing else')
  clock.pass(11 * 60_000)
  assert.equal((await choose()).name, 'big')
  assert.deepEqual((await whole()).skipped, [])
})

test('a refusal names what was passed over too', async () => {
  const { whole } = open({ configured: [llamaAt(await nowhereRoot(), 'gone')] })
  const choice = await whole({ models: ['gone/m'] })
  assert.equal(choice.ok, false)
  assert.match(skippedOf(choice).join('\n'), /^- gone\/m: no endpoint has a model of that name\ngone null: down since/)
})

test('models that a router has not loaded are usable, those in memory first', async () => {
  const row = (id: string, value: string) => ({
    id,
    owned_by: 'llamacpp',
    status: { value, args: ['--parallel', '2'] },
  })
  const r = await serve({
    '/health': { status: 'ok' },
    '/props': { role: 'router' },
    '/v1/models': { object: 'list', data: [row('cold', 'unloaded'), row('warm', 'loaded')] },
  })
  const { whole, backends } = open({ configured: [llamaAt(r.url, 'r')] })
  assert.deepEqual(namesOf(await whole()), ['r/warm'])
  assert.deepEqual(namesOf(await whole({ models: ['cold'] })), ['r/cold'])
  assert.deepEqual(
    backends.list()[0]?.models.map(({ name, loaded }) => [name, loaded]),
    [
      ['warm', true],
      ['cold', false],
    ],
  )
  assert.equal(backends.list()[0]?.slots, 2)
})

test('more slots are seen by those that were chosen before', async () => {
  const a = await serve(llamaReplies('m'))
  const { whole, backends } = open({ configured: [llamaAt(a.url, 'a')] })
  const choice = await whole()
  assert.ok(choice.ok)
  assert.equal(choice.chosen[0].slots, 3)
  a.replies['/props'] = { total_slots: 8 }
  await backends.failed('a', fault('engine.cut', { endpoint: 'a' }))
  await until(() => choice.chosen[0].slots === 8)
})

test('a loading server is not among those that share, but waits its turn', async () => {
  const a = await serve(llamaReplies('m'))
  const b = await serve({ ...LOADING })
  const { whole } = open({ configured: [{ ...llamaAt(b.url, 'b'), models: ['m'] }, llamaAt(a.url, 'a')] })
  assert.deepEqual(namesOf(await whole({ ...WANTED, models: ['m'] })), ['a/m'])
})

test('whether a model of llama.cpp thinks is read from its template, and where there is none it is not known', async () => {
  const think = async (props: object) => {
    const a = await serve({ ...llamaReplies('m'), '/props': { total_slots: 1, ...props } })
    const { choose, backends } = open({ configured: [llamaAt(a.url)] })
    await choose()
    return backends.list()[0]?.models[0]?.thinking
  }
  assert.equal(await think({ chat_template: '{% if enable_thinking %}<think>{% endif %}' }), true)
  assert.equal(await think({ chat_template: '{{ message.content }}' }), false)
  assert.equal(await think({}), null)
})

test('what Ollama has in memory is told as loaded', async () => {
  const o = await serve({ ...ollamaReplies('a:latest', 'b:latest'), '/api/ps': { models: [{ model: 'b:latest' }] } })
  const { choose, backends } = open({ configured: [ollamaAt(o.url)] })
  await choose()
  assert.deepEqual(
    backends.list()[0]?.models.map(({ name, loaded }) => [name, loaded]),
    [
      ['b:latest', true],
      ['a:latest', false],
    ],
  )
})

test('a server that answers every look with ok and every message with 500 is passed over after the third', async () => {
  const bad = await startMisbehaving()
  closers.push(() => bad.close())
  const good = await serve(llamaReplies('good'))
  const { backends, whole } = open({
    configured: [
      { ...llamaAt(bad.url.replace('/v1', ''), 'bad'), models: ['status-500'] },
      { ...llamaAt(good.url, 'good') },
    ],
  })
  const asked: string[] = []
  for (let i = 0; i < 4; i++) {
    const choice = await whole()
    assert.ok(choice.ok)
    const [chosen] = choice.chosen
    asked.push(chosen.endpoint)
    if (chosen.endpoint === 'good') break
    const last = (await collect(chosen.model, turnFor(chosen.name))).at(-1)
    assert.ok(last?.type === 'model.fail')
    await backends.failed('bad', last.fault)
  }
  assert.deepEqual(asked, ['bad', 'bad', 'bad', 'good'])
  assert.equal(backends.list()[0]?.state, 'up')
})

test('an engine that has left is not spoken of as an endpoint that is down, but started again', async () => {
  const engine = engineOf(false)
  const { whole, backends } = open({}, { engine })
  assert.deepEqual(namesOf(await whole()), ['engine/smol'])
  await closers.pop()!()
  await backends.failed('engine', fault('engine.unreachable', { endpoint: 'engine', what: 'gone' }))
  await until(() => backends.list()[0]?.state === 'idle')
  const choice = await whole({ models: ['smol'] })
  assert.deepEqual(namesOf(choice), ['engine/smol'])
  assert.deepEqual(choice.skipped, [])
  assert.equal(engine.starts, 2)
})
