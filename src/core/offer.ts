import { z } from 'zod'
import type { RouteDecision } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'
import type { Agent, ToolSpec } from './ports.ts'
import type { Tool, Tools } from './tool-ports.ts'

/** Given with any other: what is told of a long output only in part is read on with it. */
const ALWAYS = ['read_output']

/**
 * The tools that the next step is offered: those of the agent that are there, where the message calls for any, or where this run has used
 * some. What is not needed is not shown: each tool costs a small model time to read, and attention.
 */
export function offerOf(agent: Agent, route: RouteDecision, draft: Draft, tools: Tools): readonly Tool[] {
  const used = draft.parts.some(({ kind }) => kind === 'tool')
  if (agent.tools.length === 0 || !(used || route.requiresTools || route.complexity === 'complex')) return []
  const names = [...new Set([...agent.tools, ...ALWAYS])]
  return names.flatMap((name) => {
    const tool = tools.find(name)
    return tool !== null && tools.why(tool) === null ? [tool] : []
  })
}

export const specOf = (tool: Tool): ToolSpec => ({
  name: tool.name,
  about: tool.about,
  // toJSONSchema gives JSON; its type is wider.
  schema: tool.schema ?? (z.toJSONSchema(tool.input, { io: 'input' }) as ToolSpec['schema']),
})

/** A fixed set of tools. */
export function toolsOf(list: readonly Tool[]): Tools {
  const byName = new Map(list.map((tool) => [tool.name, tool]))
  return { list: () => list, find: (name) => byName.get(name) ?? null, why: () => null }
}
