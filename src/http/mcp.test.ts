import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { chosen, gate, listed } from '../core/testing/rig.ts'
import { scriptedModel, type Script } from '../models/scripted.ts'
import { START, type RunId } from '../wire/id.ts'
import { serve } from './testing/serve.ts'

/** The revision in which each request stands for itself, and the one before, in which a client begins with a handshake. */
const ERAS = { modern: 'auto', sessions: 'legacy' } as const
type Era = keyof typeof ERAS

async function opened(t: TestContext, script: Script = ['Hello', ' there']) {
  const model = scriptedModel(script)
  const app = await serve({ backends: listed(chosen(model)) })
  t.after(() => app.close())
  const connect = async (era: Era, over: { sessionId?: string; headers?: Record<string, string> } = {}) => {
    const { headers, ...rest } = over
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: ERAS[era] } })
    const transport = new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${app.port}/mcp`), {
      ...rest,
      ...(headers === undefined ? {} : { requestInit: { headers } }),
    })
    await client.connect(transport)
    t.after(() => client.close())
    const call = async (
      name: string,
      input: { [key: string]: unknown } = {},
      options: Parameters<typeof client.callTool>[1] = {},
    ) => {
      const { content, isError } = await client.callTool({ name, arguments: input }, options)
      const [part] = content
      assert.ok(part?.type === 'text')
      return { text: part.text, failed: isError === true }
    }
    return { client, transport, call }
  }
  /** How the run ended, in its log. */
  const ended = async (run: string) => {
    let reason: string | null = null
    for await (const entries of app.store.read(run as RunId, START, AbortSignal.timeout(10_000)))
      for (const { event } of entries) if (event.type === 'run.end') reason = event.reason
    return reason
  }
  return { ...app, model, connect, ended }
}
const runIn = (text: string) => /run ([\w-]+)/.exec(text)?.[1] ?? assert.fail(text)

for (const era of ['modern', 'sessions'] as const) {
  test(`another program asks an agent over HTTP, finds the session, and reads the run (${era})`, async (t) => {
    const { connect } = await opened(t)
    const { client, call } = await connect(era)
    const { tools } = await client.listTools()
    assert.deepEqual(tools.map(({ name }) => name).toSorted(), ['ask_agent', 'list_sessions', 'read_run'])
    const before = (await call('list_sessions')).text.split('\n').length + 1
    const said: string[] = []
    const asked = await call(
      'ask_agent',
      { message: 'Say hello' },
      { onprogress: ({ message }) => said.push(message ?? '') },
    )
    assert.equal(asked.failed, false, asked.text)
    assert.match(asked.text, /^Hello there\n\n\[PKN\] session \S+, run \S+$/)
    assert.ok(said.length > 1 && said.every((text) => text.includes('run ')), said.join('\n'))
    const session = /session (\S+),/.exec(asked.text)?.[1] ?? ''
    assert.match((await call('list_sessions')).text, new RegExp(session))
    assert.match((await call('read_run', { run: runIn(asked.text) })).text, /Say hello[^]*Hello there/)
    assert.match((await call('ask_agent', { message: 'And now?', session })).text, new RegExp(`session ${session}`))
    for (const wrong of [{ message: '' }, { message: 'x', agent: 'nobody' }, { message: 'x', session: 'nonsense' }])
      assert.ok((await call('ask_agent', wrong).catch(() => ({ failed: true }))).failed, JSON.stringify(wrong))
    assert.ok((await call('read_run', { run: 'nonsense' })).failed)
    assert.equal((await call('list_sessions')).text.split('\n').length, before, 'what was refused began no session')
  })

  test(`a client that cancels stops the run (${era})`, async (t) => {
    const held = gate()
    t.after(held.open)
    const { connect, ended, model } = await opened(t, ['Begun', held.opened, ' and ended'])
    const { call } = await connect(era)
    const stop = new AbortController()
    const first = Promise.withResolvers<string>()
    const asked = call(
      'ask_agent',
      { message: 'Go on for ever' },
      {
        signal: stop.signal,
        onprogress: ({ message = '' }) => {
          if (message.startsWith('Writing')) first.resolve(message)
        },
      },
    )
    const run = runIn(await first.promise)
    stop.abort()
    await assert.rejects(asked)
    assert.equal(await ended(run), 'cancelled')
    assert.equal(model.open, 0)
  })
}

test('a client of before that is gone stops nothing, and reads the answer when it is back', async (t) => {
  const held = gate()
  const { connect, ended } = await opened(t, ['Begun', held.opened, ' and ended'])
  const { call, client, transport } = await connect('sessions')
  const first = Promise.withResolvers<string>()
  const asked = call(
    'ask_agent',
    { message: 'Take your time' },
    {
      onprogress: ({ message = '' }) => {
        if (message.startsWith('Writing')) first.resolve(message)
      },
    },
  )
  const run = runIn(await first.promise)
  const { sessionId } = transport
  assert.ok(sessionId !== undefined)
  await client.close()
  await assert.rejects(asked)
  held.open()
  assert.equal(await ended(run), 'done')
  const back = await connect('sessions')
  assert.match((await back.call('read_run', { run })).text, /Begun and ended/)
})

test('a session that is ended, or that nobody knows, is gone, and what it asked for goes on', async (t) => {
  const held = gate()
  const { connect, ended, ask } = await opened(t, ['Begun', held.opened, ' and ended'])
  const { call, transport } = await connect('sessions')
  const first = Promise.withResolvers<string>()
  const asked = call(
    'ask_agent',
    { message: 'Take your time' },
    { onprogress: ({ message = '' }) => first.resolve(message) },
  )
  asked.catch(() => {})
  const run = runIn(await first.promise)
  const id = transport.sessionId ?? ''
  await transport.terminateSession()
  held.open()
  assert.equal(await ended(run), 'done')
  const headers = { accept: 'application/json, text/event-stream', 'mcp-session-id': id }
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
  assert.equal((await ask('POST', '/mcp', { body, headers })).status, 404)
})

test('of many sessions the oldest makes room', async (t) => {
  const { connect } = await opened(t)
  const first = await connect('sessions')
  for (let i = 0; i < 32; i++) await connect('sessions')
  await assert.rejects(first.call('list_sessions'))
})

test('pages of others, foreign names, other types and large bodies are refused before anything is read', async (t) => {
  const { ask, connect, port } = await opened(t)
  const accept = 'application/json, text/event-stream'
  const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_sessions', arguments: {} } }
  for (const headers of [
    { origin: 'http://evil.example' },
    { origin: 'null' },
    { host: `evil.example:${port}` },
    { host: `0.0.0.0:${port}` },
    { 'sec-fetch-site': 'cross-site' },
  ])
    for (const method of ['POST', 'GET', 'DELETE'])
      assert.equal(
        (await ask(method, '/mcp', { ...(method === 'POST' ? { body } : {}), headers: { accept, ...headers } })).status,
        403,
        method + JSON.stringify(headers),
      )
  const plain = { accept, 'content-type': 'text/plain' }
  assert.equal((await ask('POST', '/mcp', { raw: JSON.stringify(body), headers: plain })).status, 415)
  const large = { ...body, params: { name: 'ask_agent', arguments: { message: 'x'.repeat(2_000_000) } } }
  assert.equal((await ask('POST', '/mcp', { body: large, headers: { accept } })).status, 413)
  assert.equal((await ask('POST', '/mcp', { raw: '{', headers: { accept } })).status, 400)
  assert.equal((await ask('GET', '/mcp', { headers: { accept } })).status, 405)
  await assert.rejects(connect('sessions', { headers: { origin: 'http://evil.example' } }))
})
