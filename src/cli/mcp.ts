import { McpServer, type CallToolResult, type ServerContext } from '@modelcontextprotocol/server'
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
import { once } from 'node:events'
import { z } from 'zod'
import { Refusal, Unreachable } from '../client/refusal.ts'
import { pathOf } from '../client/call.ts'
import { refusalOf } from '../client/problem.ts'
import { connectTo, type Client } from '../client/client.ts'
import { loadConfig } from '../config.ts'
import { API } from '../wire/api.ts'
import { textOf } from '../wire/fold.ts'
import { RunId, SessionId } from '../wire/id.ts'
import { MCP_TOOLS, MOST_MARKDOWN } from '../wire/mcp-tools.ts'
import { askedLine } from './ask-lines.ts'
import { readArgs, withFix, type ExitCode } from './command.ts'
import { askedOf, statusOf } from './phase-words.ts'
import { howItEnded } from './run-end.ts'
import { sayIt } from './say-it.ts'
import { addressOf } from './shelf-access.ts'
import { watchRun } from './watch-run.ts'

const TICK_MS = 1000

/** PKN's agents as tools of another program, over standard input and output. It asks the server that runs, and starts nothing. */
export async function mcp(args: string[]): Promise<ExitCode> {
  readArgs(args, {}, 0)
  const base = addressOf(loadConfig())
  const server = new McpServer({ name: 'pkn', version: '1' }, { capabilities: { tools: {} } })
  offer(server, base)
  await server.connect(new StdioServerTransport())
  // It ends with whoever started it.
  await once(process.stdin, 'end')
  await server.close()
  return 0
}

function offer(server: McpServer, base: string): void {
  const client = connectTo(base)
  server.registerTool('ask_agent', MCP_TOOLS.ask_agent, (wish, ctx) => told(() => askAgent(client, wish, ctx)))
  server.registerTool('list_sessions', MCP_TOOLS.list_sessions, ({ limit }) =>
    told(async () => {
      const { sessions } = await client.call('sessionsList', { query: { limit } })
      const lines = sessions.map(({ id, title, updated }) => `${id} ${updated} ${title}`)
      return { ok: true, text: lines.join('\n') || 'There are none.' }
    }),
  )
  server.registerTool('read_run', MCP_TOOLS.read_run, ({ run }) =>
    told(async () => {
      const path = pathOf(API.runsExport.path, { run: RunId.parse(run) }, { format: 'markdown' })
      const response = await fetch(base + path).catch((cause: unknown) => {
        throw new Unreachable({ cause })
      })
      if (!response.ok) throw await refusalOf(response)
      return { ok: true, text: (await response.text()).slice(0, MOST_MARKDOWN) }
    }),
  )
}

async function askAgent(
  client: Client,
  { message, agent, session }: { message: string; agent?: string | undefined; session?: string | undefined },
  { mcpReq }: ServerContext,
): Promise<Told> {
  const { signal } = mcpReq
  const where =
    session === undefined ? (await client.call('sessionsCreate', { body: {} }, signal)).id : SessionId.parse(session)
  const run = await sayIt(client, where, { text: message, attachments: [], agent }, signal)
  const watch = watchRun(client, run.id, {})
  const token = mcpReq._meta?.progressToken
  let ticks = 0
  const tell = () => {
    if (token === undefined) return
    const asked = askedOf(watch.seen().draft)
    const text = asked === null ? statusOf(watch.seen(), Date.now()) : askedLine(asked)
    ticks += 1
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken: token, progress: ticks, message: text } })
      .catch(() => {}) // whoever asked is gone, and the signal tells
  }
  const clock = setInterval(tell, TICK_MS)
  signal.addEventListener('abort', watch.stop)
  try {
    tell()
    const draft = await watch.ended
    const { code, note } = howItEnded(draft)
    const text = [textOf(draft), note === null ? '' : `[PKN] ${note}`, `[PKN] session ${where}, run ${run.id}`]
    return { ok: code === 0, text: text.filter((part) => part !== '').join('\n\n') }
  } finally {
    clearInterval(clock)
    signal.removeEventListener('abort', watch.stop)
  }
}

type Told = { ok: boolean; text: string }
async function told(work: () => Promise<Told>): Promise<CallToolResult> {
  const { ok, text } = await work().catch((cause: unknown): Told => ({ ok: false, text: sentence(cause) }))
  return { content: [{ type: 'text', text }], isError: !ok }
}

function sentence(cause: unknown): string {
  if (cause instanceof Unreachable) return 'The PKN server does not answer. It is started with: pkn start'
  if (cause instanceof Refusal) return withFix(cause.fault)
  if (cause instanceof z.ZodError) return 'There is no such session or run; list_sessions names the sessions.'
  throw cause
}
