import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answer } from './answer.ts'
import { readAsk, refusal } from './ask.ts'
import type { Flags } from './flags.ts'
import { refuse, replier, sendJson } from './reply.ts'
import type { EngineState } from './state.ts'

const LARGEST = 32 * 1024 * 1024
const OURS = new Set(['localhost', '127.0.0.1', '[::1]'])
const VERSION = '0.1.0'

type Engine = { flags: Flags; bytes: number; state: EngineState; stop: AbortSignal }

/** The OpenAI dialect over HTTP, for programs of this machine only: a page of another site is turned away. */
export function engineServer(engine: Engine): Server {
  const server = createServer((request, response) => {
    handle(engine, request, response).catch((cause: unknown) => {
      process.stderr.write(`error: ${cause instanceof Error ? cause.stack : String(cause)}\n`)
      if (!response.headersSent) refuse(response, refusal(500, 'server_error', 'Something went wrong in the engine.'))
      else response.destroy()
    })
  })
  server.keepAliveTimeout = 60_000
  return server
}

async function handle(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = request.headers.host?.replace(/:\d+$/, '') ?? ''
  const origin = request.headers.origin
  if (!OURS.has(host) || (origin !== undefined && !OURS.has(hostOf(origin))))
    return refuse(response, refusal(403, 'forbidden', 'This server is for programs of this machine only.'))
  const path = (request.url ?? '/').split('?')[0] ?? '/'
  switch (`${request.method} ${path}`) {
    case 'GET /health':
    case 'GET /v1/health':
      return health(engine, response)
    case 'GET /v1/models':
    case 'GET /models':
      return sendJson(response, 200, models(engine))
    case 'GET /props':
      return sendJson(response, 200, props(engine))
    case 'GET /slots':
      return sendJson(response, 200, slots(engine))
    case 'POST /v1/chat/completions':
    case 'POST /chat/completions':
      return await chat(engine, request, response)
    default:
      return refuse(response, refusal(404, 'not_found_error', `There is nothing at ${request.method} ${path}.`))
  }
}

async function chat(engine: Engine, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (!/^application\/json(;|$)/i.test(request.headers['content-type'] ?? ''))
    return refuse(response, refusal(415, 'invalid_request_error', 'The body must be sent as application/json.'))
  const body = await readBody(request)
  if (body === null) return refuse(response, refusal(413, 'invalid_request_error', 'The body is larger than 32 MiB.'))
  const read = readAsk(body)
  if (!read.ok) return refuse(response, read.error)
  const left = new AbortController()
  response.once('close', () => left.abort())
  const signal = AbortSignal.any([left.signal, engine.stop])
  const tell = replier(response, read.ask, engine.flags.name, signal)
  const seat = await engine.state.seat(read.ask.model ?? null, (phase) => void tell({ type: 'phase', phase }), signal)
  if (!seat.ok) return seat.error === null ? undefined : void (await tell({ type: 'error', error: seat.error }))
  try {
    await answer(read.ask, seat.ready, tell, signal)
  } finally {
    seat.leave()
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length
    if (length <= LARGEST) parts.push(part)
  }
  return length > LARGEST ? null : Buffer.concat(parts).toString('utf8')
}

function health(engine: Engine, response: ServerResponse): void {
  const pkn = { version: VERSION, model: engine.flags.name, practice: engine.flags.practice, pid: process.pid }
  if (engine.state.now() !== null) return sendJson(response, 200, { status: 'ok', pkn })
  const error = refusal(503, 'unavailable_error', 'Loading model')
  sendJson(response, 503, { error, progress: { ...engine.state.loading(), unit: 's', estimated: true }, pkn })
}

function models({ flags, bytes, state }: Engine): object {
  const n_ctx = state.now()?.loaded.context ?? null
  const meta = { n_ctx, size: bytes }
  const model = { id: flags.name, object: 'model', owned_by: 'pkn', practice: flags.practice, meta }
  return { object: 'list', data: [model] }
}

function props({ flags, state }: Engine): object {
  const ready = state.now()
  return {
    default_generation_settings: { n_ctx: ready?.loaded.context ?? null },
    total_slots: ready?.lanes.all.length ?? null,
    model_path: flags.model,
    chat_template: ready?.loaded.speech.template ?? null,
    pkn: { version: VERSION, model: flags.name, practice: flags.practice, ...ready?.loaded.parameters },
  }
}

const slots = ({ state }: Engine): object[] =>
  (state.now()?.lanes.all ?? []).map((lane) => ({
    id: lane.id,
    is_processing: lane.busy,
    n_ctx: state.now()?.loaded.context ?? null,
    n_past: lane.sequence.nextTokenIndex,
  }))

function hostOf(origin: string): string {
  try {
    return new URL(origin).hostname
  } catch {
    return ''
  }
}
