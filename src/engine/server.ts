import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { answer } from './answer.ts'
import { readAsk, refusal } from './ask.ts'
import type { Head } from '../gguf.ts'
import { abilities } from './gguf-head.ts'
import { refuse, replier, sendJson } from './reply.ts'
import { pick, type Served } from './served.ts'
import type { EngineState } from './state.ts'

const LARGEST = 32 * 1024 * 1024
const OURS = new Set(['localhost', '127.0.0.1', '[::1]'])

type Engine = {
  version: string
  state: EngineState
  /** What is served at the moment, the default first. */
  list: () => Promise<Served[]>
  /** What the files of models say of them. */
  headsOf: (files: readonly Served[]) => Promise<Head[]>
  /** Tokens that a context has at most, if its model is not in memory. */
  largest: number
  stop: AbortSignal
}

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
      return await health(engine, response)
    case 'GET /v1/models':
    case 'GET /models':
      return sendJson(response, 200, await models(engine))
    case 'GET /props':
      return sendJson(response, 200, await props(engine))
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
  // Before anything is waited for: who leaves in between would never be seen to have left.
  const left = new AbortController()
  response.once('close', () => left.abort())
  const body = await readBody(request)
  if (body === null) return refuse(response, refusal(413, 'invalid_request_error', 'The body is larger than 32 MiB.'))
  const read = readAsk(body)
  if (!read.ok) return refuse(response, read.error)
  const signal = AbortSignal.any([left.signal, engine.stop])
  const file = pick(await engine.list(), read.ask.model ?? null)
  if ('code' in file) return refuse(response, file)
  const tell = replier(response, read.ask, file.name, signal)
  const seat = await engine.state.seat(file, (phase) => void tell({ type: 'phase', phase }), signal)
  if (!seat.ok) {
    if (seat.error !== null) await tell({ type: 'error', error: seat.error })
    return
  }
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

async function health({ version, state, list }: Engine, response: ServerResponse): Promise<void> {
  const loading = state.loading()
  const at = state.now()?.file ?? loading?.file ?? (await list())[0]
  const about = { version, model: at?.name ?? null, practice: at?.practice === true, pid: process.pid }
  const loaded = state.now() !== null
  const progress = loading && { done: loading.done, total: loading.total, unit: 's', estimated: true }
  if (loading?.first !== true) {
    const bad = state.bad()
    const why = bad === null ? {} : { fault: `${bad.file.name} cannot be loaded: ${bad.why}` }
    return sendJson(response, 200, { status: 'ok', pkn: { ...about, loaded, ...(progress && { progress }), ...why } })
  }
  const error = refusal(503, 'unavailable_error', 'Loading model')
  sendJson(response, 503, { error, progress: { ...progress, etaMs: loading.etaMs }, pkn: { ...about, loaded } })
}

const MEMORY_STEP = 20_000_000

async function models({ state, list, headsOf, largest }: Engine): Promise<object> {
  const files = await list()
  const heads = await headsOf(files)
  const [held, loading] = [state.now()?.file.key, state.loading()?.file.key]
  const data = files.map((file, i) => {
    const head = heads[i] ?? { context: null, template: null }
    const context = head.context === null ? null : Math.min(head.context, largest)
    return {
      id: file.name,
      object: 'model',
      owned_by: 'pkn',
      practice: file.practice,
      /** Null while it is on its way. */
      loaded: file.key === held ? true : file.key === loading ? null : false,
      // All of the process, as the system counts it; in steps, so that a figure that breathes is no news.
      ...(file.key === held ? { memory: Math.ceil(process.memoryUsage.rss() / MEMORY_STEP) * MEMORY_STEP } : {}),
      ...abilities(head),
      vision: false,
      meta: { n_ctx: state.known(file)?.context ?? context, n_ctx_train: head.context, size: file.bytes },
    }
  })
  return { object: 'list', data }
}

async function props({ version, state, list }: Engine): Promise<object> {
  const ready = state.now()
  const file = ready?.file ?? (await list())[0]
  const known = file ? state.known(file) : null
  return {
    default_generation_settings: { n_ctx: known?.context ?? null },
    total_slots: known?.sequences ?? null,
    model_path: file?.path ?? null,
    chat_template: ready?.loaded.speech.template ?? null,
    pkn: {
      continues: { text: true, thought: true },
      version,
      model: file?.name ?? null,
      practice: file?.practice === true,
      loaded: ready !== null,
      ...ready?.loaded.parameters,
    },
  }
}

const slots = ({ state }: Engine): object[] =>
  (state.now()?.lanes.all ?? []).map((lane) => ({
    id: lane.id,
    is_processing: lane.busy,
    n_ctx: state.now()?.loaded.context ?? null,
    n_past: lane.sequence.nextTokenIndex,
    ...(lane.seed === null ? {} : { params: { seed: lane.seed } }),
  }))

function hostOf(origin: string): string {
  try {
    return new URL(origin).hostname
  } catch {
    return ''
  }
}
