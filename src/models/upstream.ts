import { request as plain, type ClientRequest, type IncomingMessage } from 'node:http'
import { request as secure } from 'node:https'
import type { Socket } from 'node:net'
import { fault, type FaultData } from '../wire/fault.ts'

export type Upstream = {
  /** The name that faults give it. */
  endpoint: string
  url: string
  method?: 'GET' | 'POST'
  key?: string | undefined
  body?: string
}

/** What comes from a server, in order: `connected`, `head`, any number of `text`, then `end`; or `failed` at any place, which is last. */
export type Bit =
  | { type: 'connected' }
  | { type: 'head'; status: number; contentType: string; location: string }
  /** Decoded: a character that was split over packets is whole, and bytes that are no UTF-8 are U+FFFD. */
  | { type: 'text'; text: string }
  | { type: 'end' }
  | { type: 'failed'; fault: FaultData }

/** Above this many characters that nobody has taken yet, the server is made to wait. */
const HIGH = 1024 * 1024

/**
 * One request, answered piece by piece. What arrives while the reader is busy is joined, so a fast server costs one turn per turn of the
 * event loop. Nothing in here limits time. Aborting, or leaving the iteration, destroys the socket, and the iteration ends only once the
 * socket has closed. Redirects are not followed: a body may hold what the user said, which is for the named server alone.
 */
export async function* exchange(asked: Upstream, signal: AbortSignal): AsyncGenerator<Bit, void, undefined> {
  if (signal.aborted) return
  const queue: Bit[] = []
  let held = 0
  let wake = () => {}
  const seen: { response?: IncomingMessage } = {}
  const put = (bit: Bit) => {
    queue.push(bit)
    wake()
  }
  const fail = (error: Error) =>
    put({
      type: 'failed',
      fault: seen.response ? fault('engine.cut', { endpoint: asked.endpoint }) : notReached(asked, error),
    })

  let request: ClientRequest
  try {
    request = open(asked)
  } catch (cause) {
    yield { type: 'failed', fault: notReached(asked, cause instanceof Error ? cause : new Error(String(cause))) }
    return
  }
  const closed = whenClosed(request, () => put({ type: 'connected' }))
  request.on('error', fail)
  request.on('response', (head) => {
    seen.response = head
    put({
      type: 'head',
      status: head.statusCode ?? 0,
      contentType: head.headers['content-type'] ?? '',
      location: head.headers.location ?? '',
    })
    head.setEncoding('utf8')
    head.on('data', (text: string) => {
      held += text.length
      if (held > HIGH) head.pause()
      const last = queue.at(-1)
      if (last?.type === 'text') last.text += text
      else put({ type: 'text', text })
    })
    head.on('end', () => put({ type: 'end' }))
    head.on('error', fail)
  })
  const onAbort = () => {
    request.destroy()
    wake()
  }
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      const bit = queue.shift()
      if (bit === undefined) {
        await new Promise<void>((resolve) => (wake = resolve))
        continue
      }
      if (bit.type === 'text') {
        held = 0
        seen.response?.resume()
      }
      yield bit
      if (bit.type === 'end' || bit.type === 'failed') return
    }
  } finally {
    signal.removeEventListener('abort', onAbort)
    request.destroy()
    await closed
  }
}

/** What is left of a body, at most 64 K characters of it. */
export async function bodyOf(bits: AsyncGenerator<Bit, void, undefined>, limit = 65_536): Promise<string> {
  let body = ''
  for await (const bit of bits) {
    if (bit.type === 'text') body += bit.text
    if (body.length > limit) return body.slice(0, limit)
  }
  return body
}

function open({ url, method = 'POST', key, body }: Upstream): ClientRequest {
  const headers: Record<string, string | number> = {
    accept: 'text/event-stream, application/x-ndjson, application/json',
  }
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`
  if (body !== undefined) {
    headers['content-type'] = 'application/json'
    headers['content-length'] = Buffer.byteLength(body)
  }
  // An agent of its own for each request: no connection is shared, so that closing it tells the server that nobody reads any more.
  const request = (url.startsWith('https:') ? secure : plain)(url, { method, headers, agent: false })
  request.end(body)
  return request
}

/** Resolves once the request and its socket have closed. */
function whenClosed(request: ClientRequest, onConnect: () => void): Promise<void> {
  let socket: Socket | null = null
  request.once('socket', (given: Socket) => {
    socket = given
    given.once('encrypted' in given ? 'secureConnect' : 'connect', onConnect)
  })
  return new Promise((resolve) => {
    request.once('close', () => {
      if (socket === null || socket.closed) resolve()
      else socket.once('close', () => resolve())
    })
  })
}

function notReached({ endpoint, url }: Upstream, error: Error): FaultData {
  const code = 'code' in error ? String(error.code) : ''
  if (code.startsWith('HPE_')) return fault('engine.garbled', { endpoint, what: 'its answer is not HTTP' })
  return fault('engine.unreachable', { endpoint, what: plainly(code, url) })
}

function plainly(code: string, url: string): string {
  const host = URL.canParse(url) ? new URL(url).host : 'its address'
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens at ${host}`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name of ${host} cannot be resolved`
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return `there is no way to ${host}`
    case 'ECONNRESET':
    case 'EPIPE':
      return `${host} closed the connection without an answer`
    case 'EPROTO':
      return `${host} does not speak TLS`
    case '':
      return `${host} cannot be reached`
    default:
      return `${host} cannot be reached (${code})`
  }
}
