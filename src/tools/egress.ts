import { lookup as lookUp } from 'node:dns/promises'
import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Clock } from '../core/ports.ts'
import { checked, hostOf, portOf, redirected } from './address-checked.ts'
import { bodyOf, type Body } from './egress-body.ts'
import { reach, type Reached, type Resolve } from './egress-reach.ts'

/** What came of asking. `body` is null where its type was not wanted: nothing of it was read. */
export type Got =
  | {
      ok: true
      url: URL
      status: number
      /** In small letters, without parameters; '' if the server says none. */
      type: string
      charset: string | null
      /** As the server announces it. */
      length: number | null
      body: Body | null
      redirects: number
    }
  | { ok: false; why: string }

export type Asked = {
  signal: AbortSignal
  accept: string
  /** Whether an answer of that type is read. */
  wants: (type: string) => boolean
  /** Sent to the host that was asked first, and to no other: the answer of another is never asked for. */
  headers?: Readonly<Record<string, string>>
}

export type Bounds = { totalMs: number; idleMs: number; bytes: number; headerBytes: number; redirects: number }
const BOUNDS: Bounds = {
  totalMs: 30_000,
  idleMs: 10_000,
  bytes: 4 * 1024 * 1024,
  headerBytes: 16 * 1024,
  redirects: 5,
}

export interface Egress {
  /** Hosts of this machine and its network that may be asked. */
  readonly allowPrivate: readonly string[]
  /** The address if it may be asked for, in the one spelling of it. */
  check(text: string): ReturnType<typeof checked>
  /** What an address that was checked leads to at this moment, for whoever dials it itself. Rejects where a name can't be looked up. */
  reach(url: URL, signal: AbortSignal): Promise<Reached>
  /** Asks with GET and sends nothing but the address. Never rejects; when it resolves, nothing is held any more. */
  get(url: URL, asked: Asked): Promise<Got>
}

/**
 * The one way in which tools ask other machines. A name is resolved once, what it resolved to is judged, and exactly that is dialled; on
 * every redirect again, and those to another host are told and not followed: whoever allowed the one did not allow the other.
 */
export function openEgress(parts: {
  clock: Clock
  version: string
  allowPrivate: readonly string[]
  /** The port that PKN itself listens on, once it does. */
  ownPort?: () => number | null
  resolve?: Resolve
  bounds?: Partial<Bounds>
}): Egress {
  const { allowPrivate, ownPort = () => null } = parts
  const { resolve = (host) => lookUp(host, { all: true, verbatim: true }) } = parts
  const bounds = { ...BOUNDS, ...parts.bounds }
  const dialling = { ...parts, bounds, resolve, ownPort }
  return {
    allowPrivate,
    check: (text) => checked(text, allowPrivate),
    reach: (url, signal) => reach(url, { resolve, allowPrivate, ownPort, signal }),
    get: async (url, asked) => {
      const time = timeOf(parts.clock, bounds, asked.signal)
      try {
        return await follow(url, asked, { ...dialling, time })
      } catch (cause) {
        return { ok: false, why: asked.signal.aborted ? 'It was stopped.' : (time.why() ?? told(cause, url, bounds)) }
      } finally {
        time.end()
      }
    },
  }
}

type Dialling = {
  version: string
  allowPrivate: readonly string[]
  ownPort: () => number | null
  resolve: Resolve
  bounds: Bounds
  time: Time
}

async function follow(first: URL, asked: Asked, dialling: Dialling): Promise<Got> {
  let url = first
  for (let redirects = 0; ; redirects++) {
    const leads = await reach(url, { ...dialling, signal: dialling.time.signal })
    if (!leads.ok) return leads
    const answer = await dial(url, leads.lookup, asked, dialling)
    dialling.time.heard()
    try {
      const status = answer.statusCode ?? 0
      const to = answer.headers.location
      if (![301, 302, 303, 307, 308].includes(status) || to === undefined)
        return await read(answer, { url, status, redirects }, asked, dialling)
      if (redirects === dialling.bounds.redirects)
        return { ok: false, why: `It leads on and on: more than ${redirects} redirects are not followed.` }
      const next = redirected(url, to, dialling.allowPrivate)
      if (!next.ok) return next
      url = next.url
    } finally {
      answer.destroy()
    }
  }
}

/** Resolves with the head of the answer. Only what `lookup` gives is dialled. */
function dial(
  url: URL,
  lookup: LookupFunction,
  { accept, headers = {} }: Asked,
  { version, bounds, time }: Dialling,
): Promise<IncomingMessage> {
  const options: RequestOptions = {
    host: hostOf(url),
    port: portOf(url),
    path: `${url.pathname}${url.search}`,
    method: 'GET',
    // No proxy of the environment, and no connection that another asked for: the address dialled would not be the one judged.
    agent: false,
    maxHeaderSize: bounds.headerBytes,
    signal: time.signal,
    headers: {
      ...headers,
      Accept: accept,
      'Accept-Encoding': 'gzip, br, deflate',
      'User-Agent': `PKN/${version} (a private assistant, asking for its user)`,
    },
    lookup,
  }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(options) : requestHttp(options)
    request.on('response', resolve)
    request.on('error', reject)
    // Nobody asked for another protocol, and an answer of which nothing came is none.
    request.on('upgrade', (_, socket) => {
      socket.destroy()
      reject(new Error('upgrade'))
    })
    request.on('close', () => reject(new Error('closed')))
    request.end()
  })
}

async function read(
  answer: IncomingMessage,
  so: { url: URL; status: number; redirects: number },
  { wants }: Asked,
  { bounds, time }: Dialling,
): Promise<Got> {
  const header = answer.headers['content-type'] ?? ''
  const type = /^\s*([\w.+-]{1,60}\/[\w.+-]{1,60})/.exec(header)?.[1]?.toLowerCase() ?? ''
  const charset = /charset\s*=\s*"?([\w.:-]{1,40})/i.exec(header)?.[1] ?? null
  const length = /^\d{1,15}$/.test(answer.headers['content-length'] ?? '')
    ? Number(answer.headers['content-length'])
    : null
  const packed = oddTransfer(answer)
  if (packed !== null) return { ok: false, why: packed }
  if (!wants(type)) return { ok: true, ...so, type, charset, length, body: null }
  const body = await bodyOf(answer, { most: bounds.bytes, heard: time.heard })
  return body === null
    ? { ok: false, why: `It is packed in a way that is not known here (${encodingOf(answer)}).` }
    : { ok: true, ...so, type, charset, length, body }
}

/** Why a body can't be taken that came in another way than in chunks: nobody asked for that, and what it holds is not what was sent. Null for all others. */
export function oddTransfer({ headers }: IncomingMessage): string | null {
  const codings = headers['transfer-encoding'] ?? 'chunked'
  if (codings.trim().toLowerCase() === 'chunked') return null
  return `It was sent packed in a way that nobody asked for (Transfer-Encoding: ${codings.replaceAll(/[^\w, -]/g, '?').slice(0, 60)}).`
}

const encodingOf = ({ headers }: IncomingMessage): string =>
  (headers['content-encoding'] ?? '').replaceAll(/[^\w, -]/g, '?').slice(0, 60)

type Time = { signal: AbortSignal; heard: () => void; why: () => string | null; end: () => void }

/** The time in all, and that in which nothing is heard. */
function timeOf(clock: Clock, { totalMs, idleMs }: Bounds, stop: AbortSignal): Time {
  const over = new AbortController()
  let why: string | null = null
  const late = (text: string) => () => {
    why ??= text
    over.abort()
  }
  const silent = () => clock.after(idleMs, late(`Nothing was heard of it for ${idleMs / 1000} s.`))
  const total = clock.after(totalMs, late(`It took longer than ${totalMs / 1000} s.`))
  let idle = silent()
  return {
    signal: AbortSignal.any([stop, over.signal]),
    heard: () => {
      idle()
      idle = silent()
    },
    why: () => why,
    end: () => {
      idle()
      total()
    },
  }
}

/** Why a connection did not come about, in a sentence. */
export function told(cause: unknown, url: URL, { headerBytes }: Pick<Bounds, 'headerBytes'> = BOUNDS): string {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
  if (code === 'ENOTFOUND' || code === 'ENODATA') return `There is no host named ${hostOf(url)}.`
  if (code === 'EAI_AGAIN') return `Names can't be looked up now: ${hostOf(url)} is not known. Is there a network?`
  if (code === 'ECONNREFUSED') return `Nothing listens at ${url.host}.`
  if (code === 'HPE_HEADER_OVERFLOW') return `Its headers are longer than ${headerBytes} bytes.`
  if (code.startsWith('HPE_')) return `What answers at ${url.host} does not speak HTTP as it should (${code}).`
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR'))
    return 'What came is packed, and broken.'
  if (/CERT|SIGNATURE|ERR_TLS|ERR_SSL|EPROTO/.test(code)) return `There is no safe connection to ${url.host} (${code}).`
  return `The connection to ${url.host} failed${code === '' ? '' : ` (${code})`}.`
}
