import { createHash } from 'node:crypto'
import type { CallToolResult, Tool as Told } from '@modelcontextprotocol/client'
import type { Json } from '../wire/event.ts'
import type { CallId } from '../wire/id.ts'
import type { Tool, ToolResult } from '../core/ports.ts'
import { material } from './material.ts'
import { readSchema } from './mcp-schema.ts'
import type { McpServer } from './mcp-server.ts'
import { oneLine, plain } from './mcp-words.ts'

const MOST = { about: 600, result: 400_000, name: 64, shown: 100_000, asked: 1000 }

/** What tools were when a person first met them, or allowed them since. */
export type Seen = { get: (tool: string) => string | undefined; set: (tool: string, mark: string) => void }
type Input = { [key: string]: Json }

/** Under which name a tool of a server is offered; null where none can be made of it. */
export function nameOf(server: string, tool: string): string | null {
  const name = `${server}__${tool.replaceAll(/[./ -]/g, (c) => (c === '-' ? c : '_'))}`
  return /^[\w-]+$/.test(name) && name.length <= MOST.name ? name : null
}

/**
 * A tool of a server as any other of PKN: the policy judges it, and what it gives back is material. What it says of itself is its server's
 * word. One that is another than it was when it was first met is asked for again, and never called for a question that was about the former.
 */
export function mcpTool(
  server: McpServer,
  told: Told,
  { seen, asked, markOf }: { seen: Seen; asked: Map<CallId, string>; markOf: (name: string) => string | null },
): { tool: Tool<Input>; mark: string } | null {
  const name = nameOf(server.setting.name, told.name)
  const read = readSchema(told.inputSchema)
  if (name === null || read === null) return null
  const from = server.setting.name
  const words = oneLine(told.description ?? told.title ?? '', MOST.about)
  const effect = told.annotations?.readOnlyHint === true ? 'read' : 'run'
  const mark = createHash('sha256')
    .update(JSON.stringify([told.description ?? null, told.inputSchema, effect]))
    .digest('hex')
  if (seen.get(name) === undefined) seen.set(name, mark)
  const changed = () => seen.get(name) !== mark
  const tool: Tool<Input> = {
    name,
    about: `(of the MCP server ${from}, in its words) ${words === '' ? 'It says nothing about it.' : words}`,
    input: read.input,
    schema: read.schema,
    effect,
    reach: server.setting.kind === 'stdio' ? 'machine' : 'network',
    from: `mcp:${from}`,
    limitMs: server.callMs + 5000,
    insists: async () => (changed() ? `The MCP server ${from} has changed this tool since it was first met.` : null),
    preview: async (input, { call }) => {
      if (asked.size >= MOST.asked) asked.delete(asked.keys().next().value!)
      asked.set(call, mark)
      const text = JSON.stringify(input, null, 2)
      const before = changed()
        ? `${from} has changed what this tool is since it was first met. It says now: ${words}\nIt takes: ${JSON.stringify(read.schema)}\n\n`
        : ''
      return { ok: true, shown: { kind: 'input', text: `${before}${text}`.slice(0, MOST.shown) } }
    },
    run: async (input, use) => {
      const about = asked.get(use.call)
      asked.delete(use.call)
      await server.ready({ patient: true })
      const away = server.why()
      if (away !== null) return { ok: false, output: `${away} Do without it, or try again later.` }
      const now = markOf(name)
      if (now !== mark || (about === undefined ? changed() : about !== mark))
        return {
          ok: false,
          output: `The MCP server ${from} has changed ${name} meanwhile, so it was not called. Look at what it is now, and call it again.`,
        }
      seen.set(name, mark)
      const answer = await server.call(told.name, input, use)
      return answer.kind === 'failed' ? { ok: false, output: answer.why } : resultOf(from, answer.result)
    },
  }
  return { tool, mark }
}

function resultOf(server: string, { content, structuredContent, isError }: CallToolResult): ToolResult {
  const parts = content.map((part): string => {
    switch (part.type) {
      case 'text':
        return plain(part.text, MOST.result)
      case 'image':
      case 'audio':
        return `[${part.type}: ${oneLine(part.mimeType, 60)}, ${Math.round((part.data.length * 3) / 4)} bytes; it can't be shown here]`
      case 'resource_link':
        return `[link: ${oneLine(part.title ?? part.name, 200)} ${oneLine(part.uri, 500)}]`
      case 'resource':
        return 'text' in part.resource
          ? plain(part.resource.text, MOST.result)
          : `[a file: ${oneLine(part.resource.uri, 500)}, ${Math.round((part.resource.blob.length * 3) / 4)} bytes]`
    }
  })
  if (parts.length === 0 && structuredContent !== undefined)
    parts.push(plain(JSON.stringify(structuredContent), MOST.result))
  const text = plain(parts.join('\n'), MOST.result)
  return { ok: isError !== true, output: material(`the MCP server ${server}`, text === '' ? '(nothing)' : text) }
}
