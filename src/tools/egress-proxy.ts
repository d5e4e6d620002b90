import {
  createServer,
  request as requestHttp,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http'
import type { ChildProcess } from 'node:child_process'
import { connect, Server, type Socket } from 'node:net'
import { pipeline, type Duplex } from 'node:stream'
import { hostOf, portOf } from './address-checked.ts'
import { oddTransfer, told, type Egress } from './egress.ts'
import { countTraffic, type Traffic } from './egress-traffic.ts'

const MOST_CONNECTIONS = 128
/** Who writes more requests than this before it has heard an answer wants something else than answers. */
const MOST_AHEAD = 16
const CONNECT_MS = 30_000
const HEADER_BYTES = 32 * 1024

export type Proxy = { traffic: () => Traffic; close: () => void }

/**
 * What a command with the network reaches the world by: it speaks to whoever connects to `listener` as a proxy for http and, by CONNECT, for
 * what is encrypted. Each address is judged by `egress` when it is dialled, whatever was asked for before on the same connection. `close`
 * ends every connection.
 */
export function openProxy(listener: Server, egress: Pick<Egress, 'check' | 'reach'>): Proxy {
  const over = new AbortController()
  const inner = new Set<Duplex>()
  const outer = new Set<Socket>()
  const { dialled, refused, traffic } = countTraffic()
  const held = (socket: Socket, host: string) => {
    outer.add(socket)
    dialled(host, socket)
    socket.setNoDelay(true)
    socket.once('close', () => outer.delete(socket))
  }
  const parts = { egress, signal: over.signal, held, refused }
  const inTurn = oneAtATime()
  const http = createServer({ maxHeaderSize: HEADER_BYTES, requestTimeout: 0 }, (request, response) => {
    inTurn(request, response, () => forward(request, response, parts)).catch(() => void response.destroy())
  })
  http.on('connect', (request, client: Duplex, head: Buffer) => {
    tunnel(request, client, head, parts).catch(() => void client.destroy())
  })
  http.on('clientError', (_, client) => void client.destroy())
  listener.maxConnections = MOST_CONNECTIONS
  // One that can't be taken, such as where no file can be opened any more, is not.
  listener.on('error', () => {})
  listener.on('connection', (socket) => {
    inner.add(socket)
    // Who has sent all that there is still waits for what comes back.
    socket.allowHalfOpen = true
    socket.on('error', () => {})
    socket.once('close', () => inner.delete(socket))
    http.emit('connection', socket)
  })
  return {
    traffic,
    close: () => {
      over.abort()
      listener.close()
      for (const socket of [...inner, ...outer]) socket.destroy()
    },
  }
}

/** One request of a connection after the other, so that no more is dialled than there are connections. */
function oneAtATime() {
  const lines = new WeakMap<Socket, { length: number; last: Promise<void> }>()
  return ({ socket }: IncomingMessage, response: ServerResponse, work: () => Promise<void>): Promise<void> => {
    const line = lines.get(socket) ?? { length: 0, last: Promise.resolve() }
    lines.set(socket, line)
    if (line.length > MOST_AHEAD) socket.destroy()
    line.length++
    const closed = new Promise<void>((resolve) => response.once('close', resolve))
    const done = line.last.then(() => (socket.destroyed ? undefined : work()))
    line.last = done.then(
      () => closed,
      () => {},
    )
    void line.last.then(() => line.length--)
    return done
  }
}

/** Resolves with what the command reaches the world by, once it is there; null where it ended before. */
export function takeNetwork(child: ChildProcess, egress: Egress): Promise<Proxy | null> {
  return new Promise((resolve) => {
    child.once('message', (_, listener) => {
      resolve(listener instanceof Server ? openProxy(listener, egress) : null)
      if (child.connected) child.disconnect()
    })
    child.once('disconnect', () => resolve(null))
    child.on('error', () => resolve(null))
  })
}

type Parts = {
  egress: Pick<Egress, 'check' | 'reach'>
  signal: AbortSignal
  held: (socket: Socket, host: string) => void
  refused: (target: string, why: string) => void
}

async function tunnel(request: IncomingMessage, client: Duplex, head: Buffer, parts: Parts): Promise<void> {
  client.on('error', () => {})
  const target = request.url ?? ''
  const may = await judged(/^[^/?#@\\\s]+:\d{1,5}$/.test(target) ? `https://${target}/` : '', parts)
  if (!may.ok) {
    parts.refused(target, may.why)
    return closing(client, 403, may.why)
  }
  if (client.destroyed || parts.signal.aborted) return
  const { url, lookup } = may
  const socket = connect({ host: hostOf(url), port: portOf(url), lookup, allowHalfOpen: true })
  parts.held(socket, url.host)
  socket.setTimeout(CONNECT_MS, () => void socket.destroy(new Error('late')))
  client.once('close', () => socket.destroy())
  let up = false
  socket.on('error', (cause) => {
    if (up || client.destroyed) return
    const why = told(cause, url)
    parts.refused(target, why)
    closing(client, 502, why)
  })
  socket.once('connect', () => {
    up = true
    socket.setTimeout(0)
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) socket.write(head)
    const ended = () => {}
    pipeline(client, socket, ended)
    pipeline(socket, client, ended)
  })
}

async function forward(request: IncomingMessage, response: ServerResponse, parts: Parts): Promise<void> {
  const target = request.url ?? ''
  const say = (status: number, why: string) => {
    response.writeHead(status, reason(why), { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' })
    response.end(`${why}\n`)
  }
  if (!/^http:\/\//i.test(target))
    return say(400, 'This is a proxy of PKN: it takes http addresses whole, and all else by CONNECT.')
  const may = await judged(target, parts)
  if (!may.ok) {
    parts.refused(target, may.why)
    return say(403, may.why)
  }
  if (response.destroyed || parts.signal.aborted) return
  const { url, lookup } = may
  const upstream = requestHttp({
    host: hostOf(url),
    port: portOf(url),
    path: `${url.pathname}${url.search}`,
    method: request.method ?? 'GET',
    headers: {
      ...passedOn(request.headers),
      // Without it the body of a request that seldom has one would follow as a request of its own.
      ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
      host: url.host,
    },
    agent: false,
    lookup,
  })
  upstream.once('socket', (socket) => parts.held(socket, url.host))
  upstream.once('response', (answer) => {
    const packed = oddTransfer(answer)
    if (packed !== null) {
      answer.destroy()
      return say(502, packed)
    }
    try {
      response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', passedOn(answer.headers))
    } catch {
      // More is read than may be written: numbers below 100, and what no line may hold.
      answer.destroy()
      return say(502, `What answers at ${url.host} does not speak HTTP as it should.`)
    }
    pipeline(answer, response, () => {})
  })
  upstream.once('upgrade', (_, socket) => {
    socket.destroy()
    say(502, `What answers at ${url.host} speaks another protocol than it was asked for.`)
  })
  upstream.on('error', (cause) => {
    if (response.headersSent || response.destroyed) return void response.destroy()
    const why = told(cause, url)
    parts.refused(target, why)
    say(502, why)
  })
  response.once('close', () => upstream.destroy())
  pipeline(request, upstream, () => {})
}

async function judged(text: string, { egress, signal }: Parts) {
  const may = egress.check(text)
  if (!may.ok) return may
  try {
    const leads = await egress.reach(may.url, signal)
    return leads.ok ? { ...leads, url: may.url } : leads
  } catch (cause) {
    return { ok: false, why: told(cause, may.url) } as const
  }
}

/** Those of one hop stay there. */
const OF_ONE_HOP = new Set(
  'connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding upgrade expect'.split(
    ' ',
  ),
)
function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_HOP.has(name) && !named.includes(name)))
}

/** Some programs tell of a refusal its first line, and others the rest. */
function closing(client: Duplex, status: number, why: string): void {
  const body = `${why}\n`
  client.end(
    `HTTP/1.1 ${status} ${reason(why)}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
const reason = (why: string): string => `PKN: ${why.replaceAll(/[^ -~]/g, '?').slice(0, 300)}`
