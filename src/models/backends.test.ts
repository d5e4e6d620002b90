import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, test } from 'node:test'
import { fault } from '../wire/fault.ts'
import {
  closeAll,
  closers,
  engineOf,
  engineReplies,
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
import { refusal } from './refusal.ts'

afterEach(closeAll)

test('a running llama.cpp is found, with its context and slots', async () => {
  const { url } = await serve(llamaReplies('qwen3-4b'))
  const { choose, backends } = open({ usual: [llamaAt(url)] })
  const { model: _, continues: __, idle: ___, ...chosen } = await choose()
  assert.deepEqual(chosen, {
    name: 'qwen3-4b',
    endpoint: 'llama.cpp',
    context: 8192,
    slots: 3,
    practice: false,
    sees: null,
    calls: null,
    local: true,
    remote: null,
    bytes: null,
  })
  assert.equal(backends.list()[0]?.state, 'up')
})

test('a model that llama.cpp names by the path of its file is called by the name of the file', async () => {
  const { url } = await serve(llamaReplies('/home/me/models/qwen3-4b-q4_k_m.gguf'))
  assert.equal((await open({ usual: [llamaAt(url)] }).choose()).name, 'qwen3-4b-q4_k_m')
  const practice = await serve(llamaReplies('/opt/pkn/practice-q8_0.gguf'))
  assert.equal((await open({ usual: [llamaAt(practice.url)] }).choose()).practice, true)
})

test('Ollama answers where no llama.cpp does, and never with an embedding model', async () => {
  const { url, replies } = await serve(ollamaReplies('nomic-embed-text:latest', 'llama3.2:3b', 'qwen3:4b'))
  replies['/api/ps'] = { models: [{ name: 'qwen3:4b', model: 'qwen3:4b', context_length: 4096 }] }
  const { choose } = open({ usual: [llamaAt(await nowhereRoot()), ollamaAt(url)] })
  const chosen = await choose()
  assert.deepEqual(
    [chosen.endpoint, chosen.name, chosen.context],
    ['ollama', 'qwen3:4b', 4096],
    'the one in memory first',
  )
})

test('what the user configured comes before what was found, in the order of the configuration', async () => {
  const a = await serve(llamaReplies('a'))
  const b = await serve(llamaReplies('b'))
  const c = await serve(llamaReplies('c'))
  const gone = await nowhereRoot()
  const { choose } = open({
    configured: [llamaAt(gone, 'gone'), { name: 'mine', kind: 'openai', url: `${b.url}/v1` }, llamaAt(c.url, 'c')],
    usual: [llamaAt(a.url)],
  })
  assert.equal((await choose()).endpoint, 'mine')
})

test('a model that the agent names is chosen where it is, and nothing is lost where it is not', async () => {
  const a = await serve(llamaReplies('a'))
  const o = await serve(ollamaReplies('coder:latest', 'other:latest'))
  const { choose } = open({ usual: [llamaAt(a.url), ollamaAt(o.url)] })
  assert.equal((await choose({ models: ['absent', 'coder'], backend: 'local' })).name, 'coder:latest')
  assert.equal((await choose({ models: ['absent'], backend: 'local' })).name, 'a')
})

test('only the models that the user named of an endpoint are offered', async () => {
  const { url } = await serve(llamaReplies('a', 'b', 'c'))
  const { choose, backends } = open({ configured: [{ ...llamaAt(url), models: ['c', 'a'], slots: 9, context: 1024 }] })
  const chosen = await choose()
  assert.deepEqual([chosen.name, chosen.slots, chosen.context], ['c', 9, 1024])
  assert.deepEqual(
    backends.list()[0]?.models.map(({ name }) => name),
    ['c', 'a'],
  )
})

test('a model that Ollama runs in its cloud is not local, so it is chosen only if the user named it', async () => {
  const { url, replies } = await serve(ollamaReplies('glm-5:cloud', 'kimi', 'small:latest'))
  const tags = replies['/api/tags'] as { models: { name: string; remote_host?: string }[] }
  tags.models[1]!.remote_host = 'https://ollama.com:443'
  const found = open({ usual: [ollamaAt(url)] })
  assert.equal((await found.choose({ models: ['kimi'], backend: 'local' })).name, 'small:latest')
  const named = open({ configured: [{ ...ollamaAt(url), models: ['glm-5:cloud'] }] })
  const chosen = await named.choose()
  assert.deepEqual([chosen.name, chosen.local, chosen.remote], ['glm-5:cloud', false, 'ollama.com'])
})

test('an address without its /v1, or with a slash at its end, is understood', async () => {
  const { url } = await serve(llamaReplies('a'))
  for (const kind of ['llama', 'openai'] as const)
    for (const form of [url, `${url}/`, `${url}/v1/`])
      assert.equal((await open({ configured: [{ name: 'x', kind, url: form }] }).choose()).name, 'a')
})

test('with nothing there, the refusal says what was looked for and where', async () => {
  const url = await nowhereRoot()
  const { refused } = open({ usual: [llamaAt(url), ollamaAt(url)] })
  const { code, message } = await refused()
  assert.equal(code, 'model.none')
  const host = new URL(url).host
  assert.match(message, new RegExp(`llama.cpp at http://${host}/v1: nothing listens at ${host}; ollama at`))
  assert.match(message, /own engine: it is switched off/)
})

test('something else at the port of a model server is down, with the reason', async () => {
  const { url } = await serve({ '/': { status: 200, body: '<h1>Jenkins</h1>' } })
  const { refused, backends } = open({ usual: [llamaAt(url), ollamaAt(url)] })
  await refused()
  assert.deepEqual(
    backends.list().map(({ state }) => state),
    ['down', 'down'],
  )
  assert.match(backends.list()[0]?.why ?? '', /not a model server/)
  assert.match(backends.list()[1]?.why ?? '', /not Ollama/)
})

test('a server that takes the connection and says nothing is down after its deadline, and holds nobody up longer', async () => {
  const time = manualClock()
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    server.closeAllConnections()
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { refused } = open({ usual: [llamaAt(url)] }, { clock: time })
  const fault = refused()
  await new Promise((resolve) => server.once('request', resolve))
  time.pass(1500)
  assert.match((await fault).message, /took too long/)
})

test('the user’s key that is refused is told as such', async () => {
  const { url } = await serve({ '/v1/models': { status: 401, body: { error: { message: 'no' } } } })
  const { refused } = open({ configured: [{ name: 'mine', kind: 'openai', url: `${url}/v1`, key: 'wrong' }] })
  assert.match((await refused()).message, /refuses the key \(401\)/)
})

test('a wish of local never goes to a public address, even if the user configured it', async () => {
  const { refused } = open({
    configured: [{ name: 'cloud', kind: 'openai', url: 'http://model.invalid/v1', key: 'k' }],
  })
  const local = await refused()
  assert.equal(local.code, 'model.none')
  assert.doesNotMatch(local.message, /cloud/)
  const cloud = await refused({ models: [], backend: 'cloud' })
  assert.equal(cloud.code, 'model.none')
  assert.match(cloud.message, /cloud at http:\/\/model.invalid\/v1/)
})

test('a wish of cloud is refused if no cloud endpoint is configured, whatever runs here', async () => {
  const { url } = await serve(llamaReplies('a'))
  const { refused, choose } = open({ configured: [llamaAt(url)] })
  await choose()
  assert.equal((await refused({ models: [], backend: 'cloud' })).code, 'cloud.off')
})

test('a server that is loading is chosen only if nothing is up', async () => {
  const loading = await serve({ ...LOADING })
  const other = await serve(ollamaReplies('x:latest'))
  const both = open({ usual: [llamaAt(loading.url), ollamaAt(other.url)] })
  assert.equal((await both.choose()).endpoint, 'ollama')
  const alone = open({ usual: [llamaAt(loading.url)] })
  assert.equal((await alone.choose()).endpoint, 'llama.cpp')
  assert.equal(alone.backends.list()[0]?.state, 'loading')
})

test('a server that begins to load in the middle of a long pause is looked at until it is up', async () => {
  const server = await serve(llamaReplies('a'))
  const { backends, choose } = open({ configured: [llamaAt(server.url)] })
  assert.equal((await choose()).slots, 3)
  const up = { ...server.replies }
  Object.assign(server.replies, LOADING)
  await backends.failed('llama.cpp', fault('engine.cut', { endpoint: 'llama.cpp' }))
  while (backends.list()[0]?.state !== 'loading') await new Promise(setImmediate)
  Object.assign(server.replies, up)
  // The pause of an endpoint that is well is half a minute, which the limit of this test is not.
  const limit = AbortSignal.timeout(5000)
  while (backends.list()[0]?.state !== 'up') {
    limit.throwIfAborted()
    await new Promise(setImmediate)
  }
})

test('the practice model ranks below every real one, wherever it runs', async () => {
  const practice = await serve(engineReplies(true))
  const loading = await serve({ ...LOADING })
  const real = await serve(ollamaReplies('x:latest'))
  const alone = open({ configured: [llamaAt(practice.url)] })
  const chosen = await alone.choose()
  assert.deepEqual(
    [chosen.endpoint, chosen.name, chosen.practice, chosen.context],
    ['engine', 'practice-q8_0', true, 2048],
  )
  assert.equal(alone.backends.list()[0]?.kind, 'engine')
  assert.equal(
    (await open({ configured: [llamaAt(practice.url)], usual: [ollamaAt(real.url)] }).choose()).endpoint,
    'ollama',
  )
  assert.equal(
    (await open({ configured: [llamaAt(practice.url)], usual: [llamaAt(loading.url)] }).choose()).endpoint,
    'llama.cpp',
  )
})

test('the engine is started when nothing else can answer, once, and is then known', async () => {
  const engine = engineOf(false)
  const { backends, choose } = open({ usual: [llamaAt(await nowhereRoot())] }, { engine })
  const phases: string[] = []
  const choice = await backends.choose(WANTED, ({ phase }) => phases.push(phase), new AbortController().signal)
  assert.ok(choice.ok)
  assert.deepEqual([choice.chosen[0].endpoint, choice.chosen[0].name, choice.chosen[0].slots], ['engine', 'smol', 2])
  assert.deepEqual(phases, ['starting'])
  assert.equal((await choose()).endpoint, 'engine')
  assert.equal(engine.starts, 1)
  assert.deepEqual(
    backends.list().map(({ name, state }) => [name, state]),
    [
      ['llama.cpp', 'down'],
      ['engine', 'up'],
    ],
  )
})

test('an engine that is not running is shown as idle, with what it offers', async () => {
  const { backends } = open({}, { engine: engineOf(true) })
  await until(() => backends.list()[0]?.state === 'idle')
  assert.deepEqual(
    backends.list()[0]?.models.map(({ name, practice }) => [name, practice]),
    [['practice-q8_0', true]],
  )
})

test('an engine that cannot start gives its own fault', async () => {
  const engine = {
    ...engineOf(false),
    ensure: () => Promise.resolve({ ok: false as const, fault: fault('engine.failed', { what: 'no memory' }) }),
  }
  const { refused } = open({}, { engine })
  assert.equal((await refused()).code, 'engine.failed')
})

test('a crash of the engine is told as one, and it is started again for the next', async () => {
  const engine = engineOf(false)
  const { backends, choose } = open({}, { engine })
  await choose()
  const running = closers.pop()! // the server that stands for the engine's process
  await running()
  engine.died = 'SIGSEGV'
  const told = await backends.failed('engine', fault('engine.cut', { endpoint: 'engine' }))
  assert.equal(told.code, 'engine.crashed')
  assert.match(told.message, /SIGSEGV/)
  assert.equal((await choose()).endpoint, 'engine')
  assert.equal(engine.starts, 2)
})

test('an endpoint that failed is passed over until it was seen well again', async () => {
  const a = await serve(llamaReplies('a'))
  const b = await serve(llamaReplies('b'))
  const { backends, choose } = open({ configured: [llamaAt(a.url, 'a'), llamaAt(b.url, 'b')] })
  assert.equal((await choose()).endpoint, 'a')
  a.replies['/v1/models'] = { status: 500, body: {} }
  const seen = fault('engine.cut', { endpoint: 'a' })
  assert.equal(await backends.failed('a', seen), seen)
  assert.equal((await choose()).endpoint, 'b')
  await until(() => backends.list()[0]?.state === 'down')
  Object.assign(a.replies, llamaReplies('a'))
  await backends.failed('a', seen)
  await until(() => backends.list()[0]?.state === 'up')
  assert.equal((await choose()).endpoint, 'a')
})

test('a message that was too long does not make its endpoint suspect', async () => {
  const a = await serve(llamaReplies('a'))
  const { backends, choose } = open({ usual: [llamaAt(a.url)] })
  await choose()
  const before = a.asked.length
  await backends.failed('llama.cpp', fault('context.full', { tokens: 9, context: 8 }))
  assert.equal((await choose()).endpoint, 'llama.cpp')
  assert.equal(a.asked.length, before, 'it was not even looked at')
})

test('choosing asks nobody anything while something is known to be up', async () => {
  const a = await serve(llamaReplies('a'))
  const { choose } = open({ usual: [llamaAt(a.url), ollamaAt(await nowhereRoot())] })
  await choose()
  const before = a.asked.length
  for (let i = 0; i < 100; i++) await choose()
  assert.equal(a.asked.length, before)
})

test('a server that is started later is found within seconds, and told', async () => {
  const time = manualClock()
  const port = Number(new URL(await nowhereRoot()).port)
  const { backends, refused, lines, choose } = open({ usual: [llamaAt(`http://127.0.0.1:${port}`)] }, { clock: time })
  await refused()
  const server = await serve(llamaReplies('late'), port)
  time.pass(5000)
  await until(() => backends.list()[0]?.state === 'up')
  assert.equal((await choose()).name, 'late')
  assert.match(lines.at(-1)?.text ?? '', /is up: late/)
  await server.close()
  time.pass(30_000)
  await until(() => backends.list()[0]?.state === 'down')
  assert.equal(lines.at(-1)?.level, 'warn')
})

test('while all is well, the servers are left alone for half a minute', async () => {
  const time = manualClock()
  const a = await serve(llamaReplies('a'))
  const { choose } = open({ usual: [llamaAt(a.url)] }, { clock: time })
  await choose()
  const before = a.asked.length
  time.pass(29_000)
  await new Promise((resolve) => setImmediate(resolve))
  assert.equal(a.asked.length, before)
  time.pass(1000)
  await until(() => a.asked.length > before)
})

test('a choice that is aborted ends, whatever it waited for', async () => {
  const engine = {
    ...engineOf(false),
    ensure: (_: unknown, signal: AbortSignal) =>
      new Promise<{ ok: false; fault: ReturnType<typeof fault> }>((resolve) =>
        signal.addEventListener('abort', () => resolve({ ok: false, fault: fault('server.stopping') })),
      ),
  }
  const { backends } = open({}, { engine })
  const stop = new AbortController()
  const choice = backends.choose(WANTED, () => {}, stop.signal)
  await new Promise((resolve) => setImmediate(resolve))
  stop.abort()
  assert.equal((await choice).ok, false)
})

test("the password in an endpoint's address is used, and shown to nobody: not in the list, in a fault or in the log", async () => {
  const secret = 'sekret'
  const withPassword = (url: string) => url.replace('//', `//me:${secret}@`)
  const there = await serve(llamaReplies('a'))
  const gone = await nowhereRoot()
  const { backends, lines, choose } = open({
    configured: [llamaAt(withPassword(there.url)), llamaAt(withPassword(gone), 'gone')],
  })
  await choose()
  const alone = open({ configured: [llamaAt(withPassword(gone))] })
  const shown = JSON.stringify([backends.list(), lines, await alone.refused(), alone.backends.list(), alone.lines])
  assert.ok(shown.includes(there.url.slice('http://'.length)))
  assert.ok(!shown.includes(secret), shown)
})

test('requests that a server refuses for what is in them are no reason to leave it alone; errors of its own are', async () => {
  const server = await serve(llamaReplies('big'))
  const { backends, choose } = open({ configured: [llamaAt(server.url)] })
  await choose()
  const said = (status: number) => {
    const told = refusal(status, '{"error":{"message":"no"}}', { endpoint: 'llama.cpp', model: 'big' })
    assert.ok(told !== 'loading')
    return told
  }
  const trouble = () => backends.list()[0]?.why ?? null
  for (let i = 0; i < 5; i++) await backends.failed('llama.cpp', said(400))
  assert.equal(trouble(), null)
  for (let i = 0; i < 3; i++) await backends.failed('llama.cpp', said(500))
  assert.match(trouble() ?? '', /again and again/)
})
