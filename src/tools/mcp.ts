import { z } from 'zod'
import type { Clock, Say, Tool, Tools } from '../core/ports.ts'
import type { CallId } from '../wire/id.ts'
import { McpServer, MOST_TOOLS, USUAL_LIMITS, type McpLimits, type McpSetting } from './mcp-server.ts'
import { mcpTool, type Seen } from './mcp-tool.ts'
import { oneLine } from './mcp-words.ts'

/** How long a list of tools waits for servers that are being started. */
const LIST_MS = 3000
/** And a step, which is then taken without them. */
const OFFER_MS = 8000

export type Mcp = { tools: Tools; close: () => Promise<void> }
type Brought = { tool: Tool; mark: string }

/**
 * The tools of PKN and those of the operator's MCP servers, which are started when they are needed. What a server brings stands under its
 * name, so it can't take the place of another's tool, and none can take that of PKN's own.
 */
export function openMcp(
  own: Tools,
  settings: readonly McpSetting[],
  deps: { clock: Clock; say: Say; version: string; seen: Seen; limits?: McpLimits },
): Mcp {
  const { clock, say } = deps
  const asked = new Map<CallId, string>()
  const brought = new Map<McpServer, ReadonlyMap<string, Brought>>()
  const left = new Map<McpServer, readonly string[]>()
  const servers = settings.map((setting) => new McpServer(setting, { limits: USUAL_LIMITS, ...deps }))
  for (const server of servers) {
    brought.set(server, new Map())
    server.onTold = () => {
      const before = brought.get(server)!
      const now = new Map<string, Brought>()
      const out: string[] = []
      const markOf = (name: string) => brought.get(server)!.get(name)?.mark ?? null
      for (const told of server.told.tools) {
        const made = mcpTool(server, told, { seen: deps.seen, asked, markOf })
        if (made === null || now.has(made.tool.name)) out.push(oneLine(told.name, 60))
        else now.set(made.tool.name, made)
      }
      for (const [name, { mark }] of now)
        if (deps.seen.get(name) !== mark && before.get(name)?.mark !== mark)
          say({
            level: 'warn',
            text: `MCP server ${server.setting.name} has changed the tool ${name}; it is asked for again`,
          })
      brought.set(server, now)
      left.set(server, out)
    }
  }
  const of = (name: string) => servers.find((server) => name === `mcp:${server.setting.name}`)
  const wantedBy = (name: string) => of(name) ?? servers.find((server) => name.startsWith(`${server.setting.name}__`))
  const serverOf = (tool: Tool) => servers.find((server) => tool.from === `mcp:${server.setting.name}`)

  const tools: Tools = {
    list: () => [
      ...own.list(),
      ...servers.flatMap((server) => [
        wholeOf(server, brought.get(server)!.size, left.get(server) ?? []),
        ...[...brought.get(server)!.values()].map(({ tool }) => tool),
      ]),
    ],
    find: (name) => {
      const mine = own.find(name)
      if (mine !== null) return mine
      for (const many of brought.values()) {
        const found = many.get(name)
        if (found !== undefined) return found.tool
      }
      return null
    },
    why: (tool) => {
      const server = serverOf(tool)
      if (server === undefined) return own.why(tool)
      return server.starting ? `The MCP server ${server.setting.name} is being started.` : server.why()
    },
    named: (name) => {
      const server = of(name)
      if (server !== undefined) return [...brought.get(server)!.values()].map(({ tool }) => tool)
      const one = tools.find(name)
      return one === null ? [] : [one]
    },
    ready: async (names, stop) => {
      const wanted =
        names === null ? servers : servers.filter((server) => names.some((name) => wantedBy(name) === server))
      if (wanted.length === 0) return
      const waits = new AbortController()
      const all = Promise.all(wanted.map((server) => server.ready()))
      const over = new Promise<void>((resolve) => {
        const cancel = clock.after(names === null ? LIST_MS : OFFER_MS, resolve)
        waits.signal.addEventListener('abort', cancel)
        stop?.addEventListener('abort', () => resolve(), { signal: waits.signal })
        if (stop?.aborted === true) resolve()
      })
      await Promise.race([all, over])
      waits.abort()
    },
  }
  return { tools, close: async () => void (await Promise.all(servers.map((server) => server.close()))) }
}

/** What an agent is given to have all that a server brings. It can't be called itself. */
function wholeOf({ setting, told }: McpServer, count: number, out: readonly string[]): Tool {
  const names = out.slice(0, 8).join(', ')
  const said = [
    `All ${count} tools of the MCP server ${setting.name}.`,
    told.more > 0 ? `${told.more} more are left out: ${MOST_TOOLS} are the most.` : '',
    out.length > 0 ? `${out.length} can't be used, because of their names or inputs: ${names}.` : '',
  ]
  return {
    name: `mcp:${setting.name}`,
    about: said.filter((text) => text !== '').join(' '),
    input: z.unknown(),
    effect: 'run',
    reach: setting.kind === 'stdio' ? 'machine' : 'network',
    from: `mcp:${setting.name}`,
    run: async () => ({ ok: false, output: 'This stands for several tools. Call one of them.' }),
  }
}
