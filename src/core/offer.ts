import { z } from 'zod'
import type { RouteDecision } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'
import { START } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Agent, RunLog, ToolSpec } from './ports.ts'
import type { Tool, Tools } from './tool-ports.ts'

/** Given with any other: what is told of a long output only in part is read on with it. */
const ALWAYS = ['read_output']

const MOST_ABOUT = 120
/** How many of an agent's newest answers are looked at for calls, and how far: calls come before most words. */
const RECENT = { answers: 2, entries: 500 }

/**
 * The tools that the next step is offered: those of the agent that are there, where the message calls for any, where the user named an
 * agent of their own, or where this run has used some, or one shortly `before` it. What is not needed is not shown: each tool costs a small model time to
 * read, and attention.
 */
export function offerOf(
  agent: Agent,
  route: RouteDecision,
  { draft, tools, before, crew }: { draft: Draft; tools: Tools; before: boolean; crew: readonly Agent[] },
): readonly Tool[] {
  if (!mayOffer(agent, route, { draft, before })) return []
  const names = [...new Set([...agent.tools, ...ALWAYS])]
  const named = names.flatMap((name) => {
    const tool = tools.find(name)
    return tools.named?.(name) ?? (tool === null ? [] : [tool])
  })
  const usable = [...new Set(named)].filter((tool) => tools.why(tool) === null)
  return usable.flatMap((tool) => (tool.delegates === true ? handing(tool, crew) : [tool]))
}

/** Who hands a task on must know to whom. */
function handing(tool: Tool, crew: readonly Agent[]): Tool[] {
  if (crew.length === 0) return []
  const names = crew.map(({ name, about }) => `${name} (${about.replace(/\s+/g, ' ').slice(0, MOST_ABOUT)})`)
  return [{ ...tool, about: `${tool.about} There are: ${names.join('; ')}.` }]
}

/** The same, once what the agent's tools stand for is there, or can't be. */
export async function broughtOffer(
  agent: Agent,
  route: RouteDecision,
  setting: Parameters<typeof offerOf>[2] & { stop: AbortSignal },
): Promise<readonly Tool[]> {
  // Nothing is started for an agent that is offered nothing.
  if (mayOffer(agent, route, setting)) await setting.tools.ready?.(agent.tools, setting.stop)
  return offerOf(agent, route, setting)
}

const mayOffer = (agent: Agent, route: RouteDecision, { draft, before }: { draft: Draft; before: boolean }): boolean =>
  agent.tools.length > 0 && (before || draft.parts.some(({ kind }) => kind === 'tool') || calledFor(route, agent))

/** One's own agent, asked by name, is there to act; the built-in ones are as often asked by name just to talk. */
const calledFor = ({ requiresTools, complexity, forced }: RouteDecision, { source }: Agent): boolean =>
  requiresTools || complexity === 'complex' || (forced && source === 'user')

/** Whether this agent's newest answers among these have used tools; looked up only where it makes a difference. */
export async function usedBefore(
  agent: Agent,
  route: RouteDecision,
  said: readonly Message[],
  log: Pick<RunLog, 'page'>,
): Promise<boolean> {
  if (agent.tools.length === 0 || calledFor(route, agent)) return false
  const answers = said.filter((m) => m.role === 'assistant' && m.agent === agent.name).slice(-RECENT.answers)
  for (const { run } of answers.toReversed()) {
    const entries = await log.page(run, START, RECENT.entries)
    if (entries.some(({ event }) => event.type === 'tool.call')) return true
  }
  return false
}

export const specOf = (tool: Tool): ToolSpec => ({
  name: tool.name,
  about: tool.about,
  schema: tool.schema ?? schemaOf(tool.input),
})

const schemas = new WeakMap<object, ToolSpec['schema']>()
/** Made once for each tool, and not for every step that is offered it. */
function schemaOf(input: Tool['input']): ToolSpec['schema'] {
  // toJSONSchema gives JSON; its type is wider.
  const schema = schemas.get(input) ?? (z.toJSONSchema(input, { io: 'input' }) as ToolSpec['schema'])
  schemas.set(input, schema)
  return schema
}

/** A fixed set of tools. */
export function toolsOf(list: readonly Tool[]): Tools {
  const byName = new Map(list.map((tool) => [tool.name, tool]))
  return { list: () => list, find: (name) => byName.get(name) ?? null, why: (tool) => tool.why?.() ?? null }
}
