import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ollamaPen, openaiPen } from './misbehave-pen.ts'
import { PLAYS } from './misbehaviours.ts'
import { type Fields, isFields } from './refusal.ts'

/** A chat request as the server got it. */
export type Asking = {
  path: string
  model: string
  body: Fields
  headers: IncomingMessage['headers']
  /** Resolves when its connection has closed. */
  closed: Promise<void>
}
export type Misbehaving = {
  /** The base of the OpenAI dialect, ending in /v1. Ollama's paths are beside it. */
  url: string
  requests: readonly Asking[]
  /** How many chat connections are open now. */
  readonly open: number
  /** How many of its four slots work for others. */
  others: number
  /** How often its slots were looked at. */
  readonly slotsAsked: number
  /** A router's model is in memory from now on. */
  loaded(): void
  close(): Promise<void>
}

/**
 * A real server on a port of this machine that does what the name of the model says: see `PLAYS`. It speaks the OpenAI dialect with llama.cpp's
 * additions, and Ollama's. `models` are those that it lists.
 */
export async function startMisbehaving(
  options: {
    models?: readonly string[]
    host?: string
    /** What a slot waits for before it lets go of a request whose connection has closed. */
    letGo?: () => Promise<void>
    noSlots?: boolean
    /** As builds do that show nothing of a request. */
    hideSeeds?: boolean
    /** Says that it has many models, of which it loads one when it is asked for it. */
    router?: boolean
  } = {},
): Promise<Misbehaving> {
  const names = options.models ?? Object.keys(PLAYS)
  const requests: Asking[] = []
  const counts = new Map<string, number>()
  const polled = new Set<string>()
  /** The seeds of the requests that slots work on. */
  const slots = new Set<number>()
  const told = { others: 0, slotsAsked: 0, loaded: new AbortController() }
  let open = 0

  const chat = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const gone = new AbortController()
    const { socket } = request
    open++
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        open--
        gone.abort()
        resolve()
      })
    })
    response.on('error', () => {})
    const body = await bodyOf(request)
    const model = typeof body['model'] === 'string' ? body['model'] : ''
    requests.push({ path, model, body, headers: request.headers, closed })
    const seed = typeof body['seed'] === 'number' ? body['seed'] : -requests.length
    if (told.others < SLOTS) slots.add(seed)
    closed
      .then(() => options.letGo?.())
      .then(
        () => slots.delete(seed),
        () => {},
      )
    const nth = (counts.get(model) ?? 0) + 1
    counts.set(model, nth)
    const [name = '', ...args] = model.split(':')
    const pen = (path === '/api/chat' ? ollamaPen : openaiPen)(response, gone.signal, model)
    const play = PLAYS[name]
    const world = {
      others: () => told.others,
      loaded: told.loaded.signal,
      authorization: request.headers.authorization,
    }
    if (play) await play(pen, nth, args.map(Number), world)
    else pen.refuse(404, path === '/api/chat' ? { error: `model "${model}" not found` } : NOT_FOUND)
  }

  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (path === '/v1/chat/completions' || path === '/api/chat') {
      chat(request, response, path).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      )
      return
    }
    if (path === '/slots' && options.noSlots !== true) {
      told.slotsAsked++
      const work = [...Array.from({ length: told.others }, (_, i) => -1000 - i), ...slots]
      const rows = Array.from({ length: SLOTS }, (_, id) => {
        const seed = work[id]
        const params = seed === undefined || options.hideSeeds === true ? {} : { params: { seed } }
        return { id, is_processing: seed !== undefined, ...params }
      })
      json(response, 200, rows)
      return
    }
    const asked = [...counts.keys()]
    if (path === '/api/ps') {
      json(response, 200, { models: asked.filter((name) => polled.has(name)).map((name) => ({ name, model: name })) })
      for (const name of asked) polled.add(name)
      return
    }
    if (path === '/api/show') {
      bodyOf(request).then(
        ({ model }) => json(response, 200, { capabilities: capabilities(String(model)), model_info: {} }),
        () => response.destroy(),
      )
      return
    }
    const reply = replies(names, options.router === true ? told.loaded.signal.aborted : null)[path]
    if (reply) json(response, 200, reply)
    else json(response, 404, NOT_FOUND)
  })
  await new Promise<void>((resolve) => server.listen(0, options.host ?? '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // it listens on a port, not on a pipe
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get open() {
      return open
    },
    get others() {
      return told.others
    },
    set others(count) {
      told.others = count
    },
    get slotsAsked() {
      return told.slotsAsked
    },
    loaded: () => told.loaded.abort(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** The address of a port at which nothing listens. */
export async function nowhere(): Promise<string> {
  const server = await startMisbehaving()
  await server.close()
  return server.url
}

const SLOTS = 4
const NOT_FOUND = { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }

const capabilities = (model: string) => ['completion', 'tools', ...(model.startsWith('thinking') ? ['thinking'] : [])]

/** `loaded` is whether a router has its models in memory; null for a server that is none. */
const replies = (names: readonly string[], loaded: boolean | null): { [path: string]: object } => ({
  '/health': { status: 'ok' },
  '/props': loaded === null ? { total_slots: SLOTS, default_generation_settings: { n_ctx: 4096 } } : { role: 'router' },
  '/v1/models': {
    object: 'list',
    data: names.map((id) => ({
      id,
      object: 'model',
      owned_by: 'test',
      ...(loaded === null ? {} : { status: { value: loaded ? 'loaded' : 'loading' } }),
    })),
  },
  '/api/version': { version: '0.12.0' },
  '/api/tags': { models: names.map((name) => ({ name, model: name, size: 1000, digest: name })) },
})

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer) // no encoding is set
  const body: unknown = JSON.parse(Buffer.concat(parts).toString('utf8'))
  return isFields(body) ? body : {}
}
