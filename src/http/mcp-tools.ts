import type { CallToolResult, McpServer, ServerContext } from '@modelcontextprotocol/server'
import { API, type Reply, type Route, type RouteName } from '../wire/api.ts'
import { Fault } from '../wire/fault.ts'
import { EMPTY, foldAll, textOf, type Draft } from '../wire/fold.ts'
import { START, type AgentName, type OwnerId } from '../wire/id.ts'
import { MCP_TOOLS, MOST_MARKDOWN } from '../wire/mcp-tools.ts'
import type { Run } from '../wire/message.ts'
import { elapsed, phaseWords } from '../wire/phase-words.ts'
import { knownAgent, type Caller, type Handlers, type HttpDeps } from './caller.ts'
import { Download } from './download.ts'
import { parse } from './refuse.ts'

const TICK_MS = 1000

export type Offered = {
  deps: Pick<HttpDeps, 'store' | 'agents' | 'clock' | 'say'>
  handlers: Handlers
  owner: OwnerId
  /** Whether the end of a request's signal is a wish to stop its run. */
  isCancel: (signal: AbortSignal) => boolean
}

/** PKN's agents as tools of another program. Who asks owns what is made, and reaches nothing of another. */
export function offerTools(server: McpServer, offered: Offered): void {
  server.registerTool('ask_agent', MCP_TOOLS.ask_agent, (wish, { mcpReq }) => told(() => ask(wish, mcpReq, offered)))
  server.registerTool('list_sessions', MCP_TOOLS.list_sessions, ({ limit }, { mcpReq }) =>
    told(async () => {
      const { sessions } = await call(offered, 'sessionsList', { query: { limit } }, mcpReq.signal)
      const lines = sessions.map(({ id, title, updated }) => `${id} ${updated} ${title}`)
      return { ok: true, text: lines.join('\n') || 'There are none.' }
    }),
  )
  server.registerTool('read_run', MCP_TOOLS.read_run, ({ run }, { mcpReq }) =>
    told(async () => {
      const file = await call(offered, 'runsExport', { params: { run }, query: { format: 'markdown' } }, mcpReq.signal)
      return { ok: true, text: file instanceof Download ? await textIn(file) : '' }
    }),
  )
}

/** As it would be asked for over HTTP: judged by the route's own schemas, and answered by its handler. */
async function call<N extends RouteName>(
  { handlers, owner }: Offered,
  name: N,
  asked: { params?: object; query?: object; body?: object },
  left: AbortSignal,
): Promise<Reply<N>> {
  const route: Route = API[name]
  const parsed = {
    params: parse(route.params, asked.params ?? {}),
    query: parse(route.query, asked.query ?? {}),
    body: parse(route.body, asked.body ?? {}),
  }
  // The table's keys are the handlers' keys; the compiler loses that for a name that it does not know.
  const handle = handlers[name] as (asked: unknown, caller: Caller) => Promise<Reply<N>>
  return handle(parsed, { owner, wantsStream: false, lastEventId: undefined, left })
}

type Wish = { message: string; agent?: string | undefined; session?: string | undefined }
async function ask(
  { message, agent, session: wanted }: Wish,
  { signal, notify, _meta }: ServerContext['mcpReq'],
  offered: Offered,
): Promise<Told> {
  const { store, agents, clock, say } = offered.deps
  // Before a session is begun for it.
  knownAgent(agents, agent as AgentName | undefined)
  const body = { text: message, ...(agent === undefined ? {} : { agent }) }
  const session = wanted ?? (await call(offered, 'sessionsCreate', {}, signal)).id
  const { run } = await call(offered, 'messagesSubmit', { params: { session }, body }, signal)
  const seen: { draft: Draft } = { draft: EMPTY }
  const began = clock.now()
  const token = _meta?.progressToken
  let ticks = 0
  const tell = () => {
    if (token === undefined || signal.aborted) return
    ticks += 1
    const text = `${status(seen.draft)} · ${elapsed(clock.now() - began)} · run ${run.id}`
    notify({
      method: 'notifications/progress',
      params: { progressToken: token, progress: ticks, message: text },
    }).catch(
      () => {}, // whoever asked is gone, and the signal tells
    )
  }
  let cancelTick = () => {}
  const tick = () => {
    tell()
    cancelTick = clock.after(TICK_MS, tick)
  }
  tick()
  // A client that is gone without a wish to stop leaves the run to go on: it is read again by its id.
  const stop = () => {
    if (!offered.isCancel(signal)) return
    store.cancel(offered.owner, run.id).catch((cause: unknown) => {
      if (!(cause instanceof Fault)) say({ level: 'error', text: 'a run could not be stopped', run: run.id, cause })
    })
  }
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    for await (const entries of store.read(run.id, START, signal)) {
      const before = seen.draft.phase?.phase
      seen.draft = foldAll(seen.draft, entries)
      if (seen.draft.phase?.phase !== before) tell()
    }
  } finally {
    cancelTick()
    signal.removeEventListener('abort', stop)
  }
  return answer(seen.draft, run)
}

function answer(draft: Draft, run: Run): Told {
  const { end } = draft
  const note =
    end === null
      ? 'It goes on.'
      : end.reason === 'done'
        ? null
        : (end.fault?.message ?? `The run ended: ${end.reason}.`)
  const parts = [textOf(draft), note === null ? '' : `[PKN] ${note}`, `[PKN] session ${run.session}, run ${run.id}`]
  return { ok: end?.reason === 'done', text: parts.filter((part) => part !== '').join('\n\n') }
}

function status({ phase, route, parts }: Draft): string {
  const asked = parts.find((part) => part.kind === 'tool' && part.ask?.allow === null && part.result === null)
  if (asked?.kind === 'tool') return `A person is asked in PKN whether it may use ${asked.tool}`
  if (phase !== null) return phaseWords(phase, phase.model ?? 'the model')
  return route === null ? 'Sent' : `${route.title} will answer`
}

type Told = { ok: boolean; text: string }
async function told(work: () => Promise<Told>): Promise<CallToolResult> {
  const { ok, text } = await work().catch((cause: unknown): Told => {
    if (cause instanceof Fault) return { ok: false, text: `${cause.message} ${cause.fix}`.trim() }
    throw cause
  })
  return { content: [{ type: 'text', text }], isError: !ok }
}

async function textIn({ body }: Download): Promise<string> {
  if (typeof body === 'string') return body.slice(0, MOST_MARKDOWN)
  if (body instanceof Uint8Array) return ''
  let text = ''
  for await (const piece of body) {
    text += piece
    if (text.length >= MOST_MARKDOWN) break
  }
  return text.slice(0, MOST_MARKDOWN)
}
