import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { systemClock } from '../clock.ts'
import { openEgress } from './egress.ts'
import { openProxy } from './egress-proxy.ts'
import { rawServer } from './testing/web-server.ts'

/** A proxy that may lead to that one server of this machine; resolves with all that it answers to what is written to it. */
async function proxyTo(t: TestContext, port: number) {
  const listener = createServer()
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const proxy = openProxy(
    listener,
    openEgress({ clock: systemClock, version: '0', allowPrivate: [`127.0.0.1:${port}`] }),
  )
  t.after(proxy.close)
  return async (asked: string): Promise<string> => {
    const socket = connect((listener.address() as AddressInfo).port, '127.0.0.1')
    let answer = ''
    socket.on('data', (bytes: Buffer) => (answer += bytes.toString('latin1')))
    socket.on('error', () => {})
    socket.write(asked)
    // Also where it was reset.
    await new Promise((resolve) => socket.once('close', resolve))
    return answer
  }
}

for (const [what, head] of [
  ['a control character in its first line', 'HTTP/1.1 200 O\u0001K'],
  ['a number that is none', 'HTTP/1.1 099 Odd'],
  ['another protocol', 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x'],
  [
    'what was packed though nobody asked for it',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close',
  ],
] as const)
  test(`a server that answers with ${what} costs its own request and nothing else`, async (t) => {
    const server = await rawServer(t, (socket) => socket.end(`${head}\r\nContent-Length: 1\r\n\r\nx`))
    const ask = await proxyTo(t, server.port)
    const request = `GET ${server.url}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`
    for (let times = 0; times < 2; times++)
      assert.match(await ask(request), /^HTTP\/1\.1 502 PKN: (?:What answers|It was sent packed)/)
  })

test('a body is passed on as one, whatever asks with it', async (t) => {
  const seen: string[] = []
  const answer = (socket: Socket) => {
    let text = ''
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1')
      if (!text.endsWith('0\r\n\r\n')) return
      seen.push(text)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok')
    })
  }
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const ask = await proxyTo(t, port)
  const inner = 'GET /inner HTTP/1.1\r\nHost: y\r\n\r\n'
  for (const method of ['GET', 'DELETE', 'POST']) {
    const body = `${inner.length.toString(16)}\r\n${inner}\r\n0\r\n\r\n`
    const request = `${method} http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}`
    assert.match(await ask(request), /^HTTP\/1\.1 200 OK[^]*ok$/)
    assert.match(
      seen.at(-1) ?? '',
      new RegExp(`^${method} / [^]*transfer-encoding: chunked\r\n[^]*\r\n\r\n20\r\n`, 'i'),
    )
  }
})

test('what is asked ahead on one connection is dialled one after the other, and not without end', async (t) => {
  const open = { now: 0, most: 0, asked: 0 }
  const server = createServer((socket) => {
    open.now++
    open.most = Math.max(open.most, open.now)
    socket.on('error', () => {}).once('close', () => open.now--)
    socket.once('data', () => {
      open.asked++
      setImmediate(() => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const ask = await proxyTo(t, port)
  const request = (connection: string) =>
    `GET http://127.0.0.1:${port}/ HTTP/1.1\r\nHost: x\r\nConnection: ${connection}\r\n\r\n`
  const few = await ask(request('keep-alive').repeat(9) + request('close'))
  assert.equal(few.split('HTTP/1.1 200 OK').length, 11)
  // One may still be on its way out.
  assert.ok(open.most <= 2 && open.asked === 10, JSON.stringify(open))
  await ask(request('keep-alive').repeat(3000))
  assert.ok(open.most <= 2 && open.asked < 40, JSON.stringify(open))
})
