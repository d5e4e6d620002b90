import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib'
import type { Egress } from './egress.ts'
import { egressTo, rawServer, webServer } from './testing/web-server.ts'

const MB = 1024 * 1024

async function ask(egress: Egress, url: string, signal = new AbortController().signal) {
  const may = egress.check(url)
  if (!may.ok) return may
  return egress.get(may.url, { signal, accept: '*/*', wants: (type) => type.startsWith('text/') })
}
const told = (got: Awaited<ReturnType<typeof ask>>) => (got.ok ? `got ${'status' in got ? got.status : ''}` : got.why)
const bodyIn = (got: Awaited<ReturnType<typeof ask>>) => {
  assert.ok(got.ok && 'body' in got && got.body !== null, told(got))
  return got.body
}

test('what is asked is the address and nothing else', async (t) => {
  const server = await webServer(t, (_, answer) => answer.setHeader('Content-Type', 'text/plain').end('hello'))
  const got = await ask(egressTo(server.port), `${server.url}/a?b=c#d`)
  assert.equal(bodyIn(got).bytes.toString(), 'hello')
  const [request] = server.asked
  assert.deepEqual([request?.method, request?.url], ['GET', '/a?b=c'])
  assert.deepEqual(Object.keys(request?.headers ?? {}).sort(), [
    'accept',
    'accept-encoding',
    'connection',
    'host',
    'user-agent',
  ])
  assert.match(request?.headers['user-agent'] ?? '', /^PKN\//)
  await server.deserted()
})

test('a name is dialled where it was judged to lead, and not where it leads the next time', async (t) => {
  const server = await webServer(t, (_, answer) => answer.setHeader('Content-Type', 'text/plain').end('inner'))
  let times = 0
  const rebinding = async () => {
    times++
    return [{ address: times === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]
  }
  const egress = egressTo(server.port, { resolve: rebinding, hosts: [] })
  assert.match(told(await ask(egress, `http://rebind.test:${server.port}/`)), /192\.0\.2\.1\) is not an address/)
  assert.match(told(await ask(egress, `http://rebind.test:${server.port}/`)), /127\.0\.0\.1\) is within this machine/)
  assert.equal(times, 2)
  const once = egressTo(server.port, {
    hosts: ['named.test'],
    resolve: async () => [{ address: ++times === 3 ? '127.0.0.1' : '10.0.0.1', family: 4 }],
  })
  assert.equal(bodyIn(await ask(once, `http://named.test:${server.port}/`)).bytes.toString(), 'inner')
  assert.equal(times, 3)
  assert.equal(server.asked[0]?.headers.host, `named.test:${server.port}`)
  assert.equal(server.asked.length, 1)
})

test('a redirect back to the same name is judged again, and one good address among bad ones does not help', async (t) => {
  const server = await webServer(t, (_, answer) => answer.writeHead(302, { Location: '/again' }).end())
  const places = ['127.0.0.1', '169.254.169.254']
  const egress = egressTo(server.port, {
    hosts: ['named.test'],
    resolve: async () => [{ address: places.shift() ?? '', family: 4 }],
  })
  assert.match(told(await ask(egress, `http://named.test:${server.port}/`)), /169\.254\.169\.254/)
  assert.equal(server.asked.length, 1)
  const both = egressTo(server.port, {
    hosts: [],
    resolve: async () => [
      { address: '1.1.1.1', family: 4 },
      { address: '::ffff:127.0.0.1', family: 6 },
    ],
  })
  assert.match(told(await ask(both, 'http://both.test/')), /within this machine/)
})

test('redirects lead nowhere that could not be asked for, to no other host, and not for ever', async (t) => {
  let to = ''
  const server = await webServer(t, (_, answer) => answer.writeHead(302, { Location: to }).end('x'.repeat(1000)))
  const egress = egressTo(server.port)
  for (const [target, expected] of [
    ['http://127.0.0.1:9/', /Port 9/],
    ['http://127.0.0.1:8010/', /refused.*within this machine/],
    ['http://169.254.169.254/latest/meta-data/', /refused/],
    ['http://[::ffff:127.0.0.1]/', /refused/],
    ['http://2130706433/', /refused/],
    ['http://0x7f.1:8010/', /refused/],
    ['//u:p@127.0.0.1/', /password/],
    ['file:///etc/passwd', /http and https/],
    ['http://', /no address/],
    ['https://other.example/x', /another host: https:\/\/other\.example\/x/],
    ['/loop', /more than 5 redirects/],
  ] as const) {
    to = target
    assert.match(told(await ask(egress, `${server.url}/`)), expected, target)
  }
  await server.deserted()
})

test('a redirect within the host is followed, and says where it ended', async (t) => {
  const server = await webServer(t, ({ url }, answer) =>
    url === '/b'
      ? answer.setHeader('Content-Type', 'text/plain').end('there')
      : answer.writeHead(301, { Location: 'b#x' }).end(),
  )
  const got = await ask(egressTo(server.port), `${server.url}/a`)
  assert.equal(bodyIn(got).bytes.toString(), 'there')
  assert.ok(got.ok && 'redirects' in got)
  assert.deepEqual([got.redirects, got.url.href], [1, `${server.url}/b`])
})

test('what is packed is unpacked; a bomb is cut, on the wire and unpacked', async (t) => {
  let packed: [string, Buffer] = ['gzip', Buffer.alloc(0)]
  const server = await webServer(t, (_, answer) =>
    answer.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Encoding': packed[0] }).end(packed[1]),
  )
  const egress = egressTo(server.port, { bounds: { bytes: MB } })
  for (const [name, pack] of [
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const) {
    packed = [name, pack(Buffer.from('hello'))]
    assert.equal(bodyIn(await ask(egress, server.url)).bytes.toString(), 'hello')
    packed = [name, pack(Buffer.alloc(20 * MB))]
    const { bytes, cut } = bodyIn(await ask(egress, server.url))
    assert.deepEqual([bytes.byteLength, cut], [MB, true], name)
    await server.deserted()
  }
  const nothing = gzipSync('')
  // Packed members with nothing in them: all wire, and never a byte.
  packed = ['gzip', Buffer.concat(Array.from({ length: 60_000 }, () => nothing))]
  assert.equal(bodyIn(await ask(egress, server.url)).cut, true)
  packed = ['gzip', Buffer.from('not packed at all')]
  assert.match(told(await ask(egress, server.url)), /broken/)
  packed = ['gzip, gzip', gzipSync(gzipSync('x'))]
  assert.match(told(await ask(egress, server.url)), /not known here \(gzip, gzip\)/)
})

async function endless(t: TestContext, head: string) {
  let sent = 0
  const server = await rawServer(t, (socket) => {
    socket.write(head)
    const more = () => {
      while (!socket.destroyed && sent < 1000 * MB) {
        sent += 65_536
        if (!socket.write(Buffer.alloc(65_536, 'x'))) return void socket.once('drain', more)
      }
    }
    more()
  })
  return { ...server, sent: () => sent }
}

test('of a body without end, or with a gigabyte announced, only the beginning is taken', async (t) => {
  for (const head of [
    'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n',
    `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${1000 * MB}\r\n\r\n`,
  ]) {
    const server = await endless(t, head)
    const { bytes, cut } = bodyIn(await ask(egressTo(server.port, { bounds: { bytes: MB } }), server.url))
    assert.deepEqual([bytes.byteLength, cut], [MB, true])
    assert.ok(server.sent() < 100 * MB)
  }
})

test('a body of a type that is not wanted is not read', async (t) => {
  const server = await endless(t, `HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\nContent-Length: ${1000 * MB}\r\n\r\n`)
  const got = await ask(egressTo(server.port), server.url)
  assert.ok(got.ok && 'body' in got)
  assert.deepEqual([got.body, got.type, got.length], [null, 'video/mp4', 1000 * MB])
})

test('silence, drops that come too slowly, and a stop all end it, and nothing stays connected', async (t) => {
  const server = await webServer(t, ({ url }, answer) => {
    if (url === '/silent') return
    answer.writeHead(200, { 'Content-Type': 'text/plain' })
    const drip = setInterval(() => answer.write('x'), 10)
    answer.once('close', () => clearInterval(drip))
  })
  const silent = egressTo(server.port, { bounds: { idleMs: 100 } })
  assert.match(told(await ask(silent, `${server.url}/silent`)), /Nothing was heard/)
  const short = egressTo(server.port, { bounds: { totalMs: 300 } })
  assert.match(told(await ask(short, `${server.url}/drip`)), /took longer than/)
  const stop = new AbortController()
  const patient = egressTo(server.port)
  const asked = ask(patient, `${server.url}/silent`, stop.signal)
  stop.abort()
  assert.equal(told(await asked), 'It was stopped.')
  assert.equal(told(await ask(patient, `${server.url}/silent`, stop.signal)), 'It was stopped.')
  await server.deserted()
  const hanging = egressTo(server.port, { resolve: () => new Promise(() => {}), bounds: { totalMs: 50 } })
  assert.match(told(await ask(hanging, 'http://slow.test/')), /took longer/)
})

const PLAIN = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n'

test('answers before the answer, without end, are silence', async (t) => {
  for (const early of ['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n']) {
    const server = await rawServer(t, (socket) => {
      const more = () => {
        while (!socket.destroyed) if (!socket.write(early.repeat(500))) return void socket.once('drain', more)
      }
      more()
    })
    const got = await ask(egressTo(server.port, { bounds: { idleMs: 300 } }), server.url)
    assert.match(told(got), /Nothing was heard/)
  }
})

test('floods of headers, other protocols and connections that break are told', async (t) => {
  for (const [write, expected] of [
    [`HTTP/1.1 200 OK\r\n${'X-A: aaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(50_000)}\r\n`, /headers are longer/],
    [`HTTP/1.1 200 OK\r\nX: ${'a'.repeat(100_000)}\r\n\r\n`, /headers are longer/],
    ['HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n', /connection .* failed/],
    ['220 smtp.example ESMTP\r\n', /does not speak HTTP/],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /does not speak HTTP/],
    ['HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nhalf', /failed/],
    [`${PLAIN}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nx`, /failed|does not speak HTTP/],
    [
      `${PLAIN}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\n\u001f\u008b\r\n0\r\n\r\n`,
      /packed in a way.*\(Transfer-Encoding: gzip, chunked\)/,
    ],
    [`${PLAIN}Transfer-Encoding: chunked, gzip\r\n\r\nx`, /packed in a way|does not speak HTTP/],
    [`${PLAIN}Content-Encoding: zstd\r\n\r\nx`, /not known here \(zstd\)/],
    [
      `${PLAIN}Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n${'X-T: aaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(50_000)}\r\n`,
      /failed|headers are longer|does not speak/,
    ],
    ['HTTP/1.1 200 OK\nContent-Length: 1\n\nx', /does not speak HTTP/],
    [`${PLAIN}Content-Length: 1\r\nContent-Length: 2\r\n\r\nxy`, /does not speak HTTP/],
    [`${PLAIN}Content-Length: -1\r\n\r\nx`, /does not speak HTTP/],
    ['', /failed/],
  ] as const) {
    const server = await rawServer(t, (socket) => socket.end(write))
    assert.match(told(await ask(egressTo(server.port), server.url)), expected, write.slice(0, 60))
  }
  const gone = await rawServer(t, (socket) => socket.destroy())
  assert.match(told(await ask(egressTo(gone.port), gone.url)), /failed/)
  assert.match(told(await ask(egressTo(gone.port), `https://127.0.0.1:${gone.port}/`)), /failed|safe connection/)
  const nobody = await ask(egressTo(1234, { hosts: ['127.0.0.1'] }), 'http://127.0.0.1:1234/')
  assert.match(told(nobody), /Nothing listens/)
})

test('a name that is not known is told as such', async (t) => {
  const server = await webServer(t, (_, answer) => answer.end())
  const unknown = egressTo(server.port, {
    resolve: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
  })
  assert.match(told(await ask(unknown, 'http://nowhere.test/')), /no host named nowhere\.test/)
  assert.match(told(await ask(egressTo(1, { resolve: async () => [] }), 'http://empty.test/')), /no host named/)
})
