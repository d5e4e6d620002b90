import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { systemClock } from '../clock.ts'
import { gate, chosen, listed } from '../core/testing/rig.ts'
import { scriptedModel } from '../models/scripted.ts'
import type { Ledger } from '../store/changes.ts'
import { LocalStore } from '../store/local-store.ts'
import { memoryLedger } from '../store/memory.ts'
import { newDisk } from '../store/memory-disk.ts'
import { serve } from './testing/serve.ts'

const saying = (...script: Parameters<typeof scriptedModel>[0] & readonly unknown[]) => ({
  backends: listed(chosen(scriptedModel(script))),
})
const STREAM = '/api/multi-agent/chat/stream'

/** Everything that the server says on one connection until it closes it, or `enough` says so. */
async function raw(port: number, text: string, options: { half?: boolean; enough?: (all: string) => boolean } = {}) {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.setEncoding('utf8')
  let all = ''
  if (options.half) socket.end(text)
  else socket.write(text)
  const timer = setTimeout(() => socket.destroy(), 4000)
  try {
    for await (const piece of socket) {
      all += String(piece)
      if (options.enough?.(all)) break
    }
  } catch {}
  clearTimeout(timer)
  socket.destroy()
  return all
}
const head = (port: number, line: string, more = '') => `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${more}\r\n`

test('a reader that left while its message was being stored is not read for', async () => {
  const slow = gate()
  let held = false
  const good = memoryLedger(newDisk())
  const ledger: Ledger = {
    ...good,
    write: async (kind, args) => {
      if (held) await slow.opened
      return good.write(kind, args)
    },
  }
  const store = new LocalStore({ ledger, clock: systemClock, say: () => {} })
  const never = gate()
  const server = await serve({ store, ...saying('a', never.opened) })
  held = true
  for (const path of [STREAM, '/api/multi-agent/chat']) {
    const request = server.open('POST', path, { body: { message: 'hi' } })
    const closed = new Promise((resolve) => request.on('error', () => {}).on('close', resolve))
    await once(request, 'finish')
    await new Promise((resolve) => setTimeout(resolve, 50))
    request.destroy()
    await closed
  }
  await new Promise((resolve) => setTimeout(resolve, 50))
  slow.open()
  while ((await store.counts()).active < 2) await new Promise(setImmediate)
  await new Promise((resolve) => setTimeout(resolve, 50))
  assert.equal(store.listeners, 1, 'only the worker listens')
  never.open()
  await server.close()
})

test('a removed session ends its open streams: the old ones with an error event, and the log is not alarmed', async () => {
  const never = gate()
  const server = await serve(saying('a', never.opened))
  const frames: string[] = []
  for await (const { event, data } of server.frames('POST', STREAM, { body: { message: 'hi' } })) {
    frames.push(event ?? '')
    const said = JSON.parse(data) as Record<string, unknown>
    if (event === 'start') await server.ask('DELETE', `/v1/sessions/${String(said['session_id'])}`)
    if (event === 'error') assert.match(String(said['content']), /stopped/)
  }
  assert.equal(frames.at(-1), 'error')
  never.open()
  await server.close()
  assert.deepEqual(
    server.lines.filter(({ level }) => level === 'error'),
    [],
  )
})

test('a server that stops tells the old clients, who cannot come back, what became of their answer', async () => {
  const never = gate()
  const server = await serve(saying('a', never.opened))
  const frames: string[] = []
  let closing: Promise<void> | null = null
  for await (const { event } of server.frames('POST', STREAM, { body: { message: 'hi' } })) {
    frames.push(event ?? '')
    closing ??= server.close()
  }
  assert.equal(frames.at(-1), 'error')
  never.open()
  await closing
})

test('a client that gives up an upload, or leaves before the answer, is no error of the server', async () => {
  const never = gate()
  const server = await serve(saying('a', never.opened))
  const socket = connect({ port: server.port, host: '127.0.0.1' })
  socket.write(
    head(server.port, `POST ${STREAM}`, 'Content-Type: application/json\r\nContent-Length: 5000\r\n') + '{"mess',
  )
  await new Promise((resolve) => setTimeout(resolve, 50))
  socket.destroy()
  const request = server.open('POST', '/api/multi-agent/chat', { body: { message: 'hi' } })
  request.on('error', () => {})
  while ((await server.store.counts()).active < 1) await new Promise(setImmediate)
  request.destroy()
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.deepEqual(
    server.lines.filter(({ level }) => level === 'error'),
    [],
  )
  never.open()
  await server.close()
})

test('HEAD is answered as GET without a body, and never begins a stream', async () => {
  const server = await serve(saying('a'))
  assert.equal((await server.ask('HEAD', '/health')).status, 200)
  assert.equal((await server.ask('HEAD', '/health')).text, '')
  assert.equal((await server.ask('HEAD', '/nothing')).status, 404)
  await server.close()
})

test('requests that no client should send get a 4xx that says why, and the server goes on', async () => {
  const server = await serve(saying('a'))
  const { port } = server
  const status = (answer: string) => Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
  const close = 'Connection: close\r\n'
  const bad: [string, string, number][] = [
    ['a broken escape', head(port, 'GET /v1/sessions/%zz', close), 400],
    ['a very long address', head(port, `GET /${'a'.repeat(100_000)}`, close), 431],
    ['a long name of a session', head(port, `GET /v1/sessions/${'a'.repeat(5000)}`, close), 400],
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['OPTIONS', head(port, 'OPTIONS /v1/sessions', close), 404],
    ['a foreign host and a broken escape', `GET /%zz HTTP/1.1\r\nHost: evil.example\r\n${close}\r\n`, 403],
    ['no host', `GET /health HTTP/1.0\r\n\r\n`, 403],
  ]
  for (const [what, text, expected] of bad) {
    const answer = await raw(port, text)
    assert.equal(status(answer), expected, `${what}: ${answer.slice(0, 300)}`)
    if (expected !== 431 && what !== 'no HTTP') assert.match(answer, /"fix":/, what)
  }
  const poison = await server.ask('POST', STREAM, { raw: '{"message":"hi","__proto__":{"admin":true}}' })
  assert.equal(poison.status, 400)
  assert.equal((await server.ask('POST', STREAM, { body: { message: 'x'.repeat(10_000_000) } })).status, 400)
  assert.equal((await server.ask('POST', STREAM, { body: { message: 'x'.repeat(17_000_000) } })).status, 413)
  assert.equal((await server.ask('GET', '/health')).status, 200)
  await server.close()
})

test('pipelined requests are answered in order, also behind a stream', async () => {
  const server = await serve(saying('a'))
  const body = JSON.stringify({ message: 'hi' })
  const post =
    head(server.port, `POST ${STREAM}`, `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n`) + body
  const answer = await raw(
    server.port,
    post + head(server.port, 'GET /health') + post + head(server.port, 'GET /health', 'Connection: close\r\n'),
  )
  assert.equal(answer.split('HTTP/1.1 200').length - 1, 4)
  assert.equal(answer.split('event: done').length - 1, 2)
  await server.close()
})

test('a client that waits for 100-continue is told to go on', async () => {
  const server = await serve(saying('a'))
  const body = JSON.stringify({ message: 'hi' })
  const first = head(
    server.port,
    `POST ${STREAM}`,
    `Expect: 100-continue\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n`,
  )
  const answer = await raw(server.port, first + body)
  assert.match(answer, /^HTTP\/1\.1 100 /)
  assert.match(answer, /event: done/)
  await server.close()
})

test('a client that closes its own side is taken to have left, and its run goes on', async () => {
  const rest = gate()
  const server = await serve(saying('a', rest.opened, 'b'))
  const body = JSON.stringify({ message: 'hi' })
  const post =
    head(
      server.port,
      `POST ${STREAM}`,
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`,
    ) + body
  await raw(server.port, post, { half: true })
  while ((await server.store.counts()).active < 1) await new Promise(setImmediate)
  while (server.tasks.size > 0) await new Promise(setImmediate)
  rest.open()
  const session = server.lines.find(({ text }) => text.startsWith('Created new session'))?.session
  const said = async () => (await server.ask('GET', `/v1/sessions/${session ?? ''}/messages`)).text
  while (!(await said()).includes('"ab"')) await new Promise(setImmediate)
  await server.close()
})

test('a body that is nested deeper than a stack is refused as any other that is not valid, and logged as no bug', async (t) => {
  const app = await serve(saying('ok'))
  t.after(app.close)
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  const headers = { 'content-type': 'application/json' }
  const id = '0'.repeat(26)
  for (const [path, raw] of [
    [`/v1/runs/run_${id}/asks/ask_${id}`, `{"allow":true,"scope":"once","input":${deep}}`],
    ['/v1/sessions', `{"title":${deep}}`],
    ['/v1/sessions', deep],
    ['/v1/import', JSON.stringify({ text: deep })],
  ] as const) {
    const { status, json } = await app.ask('POST', path, { raw, headers })
    if (path === '/v1/import') assert.deepEqual([status, json()['sessions']], [200, []])
    else assert.deepEqual([status, json()['code']], [400, 'request.invalid'])
  }
  assert.deepEqual(
    app.lines.filter(({ level }) => level === 'error'),
    [],
  )
})
