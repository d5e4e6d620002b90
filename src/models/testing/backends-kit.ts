import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock as realClock } from '../../clock.ts'
import type { Backends, Choice, Chosen, Clock, LocalEngine, LogLine, Wanted } from '../../core/ports.ts'
import type { EventOf } from '../../wire/event.ts'
import { openBackends } from '../backends.ts'
import type { EndpointSpec } from '../look.ts'
import { nowhere } from '../misbehave.ts'

export const closers: (() => Promise<void>)[] = []
/** To be called after each test: closes what it opened. */
export async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close()
}

type Reply = object | { status: number; body: object | string }
/** By path; a function is given the body that was sent. */
export type Replies = { [path: string]: Reply | ((body: string) => Reply) }
type Serving = {
  url: string
  port: number
  replies: Replies
  /** The paths it was asked for, and what was sent to them. */
  asked: string[]
  bodies: { path: string; body: string }[]
  close: () => Promise<void>
}

function filled(reply: Reply | undefined): { status: number; body: object | string } {
  if (reply === undefined) return { status: 404, body: 'Not Found' }
  return 'status' in reply && 'body' in reply ? reply : { status: 200, body: reply }
}

/** A server with these replies, which a test may change. */
export async function serve(replies: Replies, port = 0): Promise<Serving> {
  const asked: string[] = []
  const bodies: Serving['bodies'] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      if (body !== '') bodies.push({ path, body })
      const given = replies[path] ?? replies[path.split('?')[0] ?? '']
      const reply = typeof given === 'function' ? (given as (body: string) => Reply)(body) : given // no other function is a reply
      const { status, body: text } = filled(reply)
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(typeof text === 'string' ? text : JSON.stringify(text))
    })
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  let open = true
  const close = () =>
    new Promise<void>((resolve) => {
      if (!open) return resolve()
      open = false
      server.close(() => resolve())
      server.closeAllConnections()
    })
  closers.push(close)
  const bound = (server.address() as AddressInfo).port // it listens on a port, not on a pipe
  return { url: `http://127.0.0.1:${bound}`, port: bound, replies, asked, bodies, close }
}

export const list = (...ids: string[]) => ({
  object: 'list',
  data: ids.map((id) => ({ id, object: 'model', owned_by: 'llamacpp' })),
})
export const llamaReplies = (...ids: string[]): Replies => ({
  '/health': { status: 'ok' },
  '/v1/models': list(...ids),
  '/props': { total_slots: 3, default_generation_settings: { n_ctx: 8192 } },
})
export const LOADING: Replies = {
  '/health': { status: 503, body: { error: { code: 503, message: 'Loading model' } } },
  '/v1/models': { status: 503, body: { error: { code: 503, message: 'Loading model' } } },
}
export const ollamaReplies = (...names: string[]): Replies => ({
  '/api/version': { version: '0.12.0' },
  '/api/tags': { models: names.map((name) => ({ name, model: name, digest: name, size: 5 })) },
  '/api/ps': { models: [] },
  '/api/show': { capabilities: ['completion', 'tools'] },
})
export const engineReplies = (practice: boolean): Replies => ({
  '/health': { status: 'ok' },
  '/v1/models': {
    object: 'list',
    data: [{ id: practice ? 'practice-q8_0' : 'smol', owned_by: 'pkn', practice, meta: { n_ctx: 2048 } }],
  },
  '/props': { total_slots: 2, default_generation_settings: { n_ctx: 2048 } },
})

export const llamaAt = (url: string, name = 'llama.cpp'): EndpointSpec => ({ name, kind: 'llama', url: `${url}/v1` })
export const ollamaAt = (url: string): EndpointSpec => ({ name: 'ollama', kind: 'ollama', url })
export const WANTED: Wanted = { models: [], backend: 'local', failed: new Set(), load: () => 0 }

export function open(
  endpoints: { configured?: EndpointSpec[]; usual?: EndpointSpec[] },
  rest: { engine?: LocalEngine; clock?: Clock } = {},
): {
  backends: Backends
  lines: LogLine[]
  whole: (wanted?: Partial<Wanted>) => Promise<Choice>
  choose: (wanted?: Partial<Wanted>) => Promise<Chosen>
  refused: (wanted?: Partial<Wanted>) => Promise<{ code: string; message: string }>
} {
  const lines: LogLine[] = []
  const backends = openBackends({
    endpoints: { configured: endpoints.configured ?? [], usual: endpoints.usual ?? [] },
    engine: rest.engine ?? null,
    clock: rest.clock ?? realClock,
    say: (line) => lines.push(line),
  })
  closers.push(() => backends.close())
  const ask = (wanted: Partial<Wanted>) =>
    backends.choose({ ...WANTED, ...wanted }, () => {}, new AbortController().signal)
  return {
    backends,
    lines,
    whole: (wanted = {}) => ask(wanted),
    choose: async (wanted = {}) => {
      const choice = await ask(wanted)
      assert.ok(choice.ok, choice.ok ? '' : choice.fault.message)
      return choice.chosen[0]
    },
    refused: async (wanted = {}) => {
      const choice = await ask(wanted)
      assert.ok(!choice.ok)
      return choice.fault
    },
  }
}

/** An engine that is "started" by making a server of ours. */
export function engineOf(practice: boolean): LocalEngine & { starts: number; died: string | null } {
  const engine = {
    starts: 0,
    died: null as string | null,
    offer: () => Promise.resolve([{ name: practice ? 'practice-q8_0' : 'smol', bytes: 7, practice }]),
    ensure: async (report: (phase: EventOf<'phase'>) => void) => {
      engine.starts++
      engine.died = null
      report({ type: 'phase', phase: 'starting' })
      const { url } = await serve(engineReplies(practice))
      return { ok: true as const, url: `${url}/v1` }
    },
    crashed: () => engine.died,
    close: () => Promise.resolve(),
  }
  return engine
}

/** Time that passes only when a test says so. */
export function manualClock(): Clock & { pass: (ms: number) => void } {
  let now = 0
  const pending = new Map<() => void, number>()
  return {
    wall: () => 1_700_000_000_000 + now,
    now: () => now,
    after: (ms, call) => {
      const due = () => call()
      pending.set(due, now + ms)
      return () => void pending.delete(due)
    },
    pass: (ms) => {
      now += ms
      for (const [call, at] of pending)
        if (at <= now) {
          pending.delete(call)
          call()
        }
    },
  }
}

/** Waits for something that happens by itself, turn by turn of the loop. */
export async function until(claim: () => boolean): Promise<void> {
  for (let turns = 0; !claim(); turns++) {
    assert.ok(turns < 200_000, 'it never happened')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

export async function nowhereRoot(): Promise<string> {
  return (await nowhere()).replace('/v1', '')
}
