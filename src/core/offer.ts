import { z } from 'zod'
import type { RouteDecision } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'
import { START } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Agent, RunLog, ToolSpec } from './ports.ts'
import { asksMemory } from './route-memory.ts'
import { asksAct } from './route-tools.ts'
import { tokens } from './route-words.ts'
import type { Tool, Tools } from './tool-ports.ts'

/** Given as soon as there is something to read on: what was told of a long output only in part. Small models call what they are offered. */
const READ_ON = 'read_output'

const MOST_ABOUT = 120
/** How many of an agent's newest answers are looked at for calls, and how far: calls come before most words. */
const RECENT = { answers: 2, entries: 500 }

const MEMORY = ['remember', 'recall', 'forget']

type Offering = {
  draft: Draft
  tools: Tools
  /** The tools that it used in its newest answers, where those count. */
  before: ReadonlySet<string>
  crew: readonly Agent[]
  /** The message. */
  asked: string
  /** There are documents to be looked up. */
  known: boolean
}

/**
 * The tools that the next step is offered: those of the agent that are there, where the message calls for any, where the user named an
 * agent of their own, or where this run has used some, or one shortly `before` it. A message about what is to be remembered needs
 * no others, and others seldom need to remember. What is not needed is not shown: each tool costs a small model time to
 * read, and attention.
 */
export function offerOf(
  agent: Agent,
  route: RouteDecision,
  { draft, tools, before, crew, asked, known }: Offering,
): readonly Tool[] {
  if (!mayOffer(agent, route, { draft, before })) return []
  const words = tokens(asked)
  const wants = asksMemory(words)
  const remembers =
    wants || agent.source === 'user' || MEMORY.some((name) => before.has(name) || hasCalled(draft, name))
  const can = agent.tools.some((name) => MEMORY.includes(name))
  const only = wants && can && route.complexity !== 'complex' && !asksAct(words, agent)
  const fitting = agent.tools.filter((name) => {
    if (!MEMORY.includes(name)) return !only
    return remembers || (name === 'recall' && (known || draft.recalls.length > 0))
  })
  const isLong = draft.parts.some((part) => part.kind === 'tool' && part.result?.rest !== undefined)
  const names = [...new Set([...fitting, ...(isLong ? [READ_ON] : [])])]
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
  setting: Omit<Offering, 'known'> & { known: () => Promise<boolean>; stop: AbortSignal },
): Promise<readonly Tool[]> {
  // Nothing is started for an agent that is offered nothing.
  if (!mayOffer(agent, route, setting)) return []
  await setting.tools.ready?.(agent.tools, setting.stop)
  return offerOf(agent, route, { ...setting, known: agent.tools.includes('recall') && (await setting.known()) })
}

const mayOffer = (agent: Agent, route: RouteDecision, { draft, before }: Pick<Offering, 'draft' | 'before'>): boolean =>
  agent.tools.length > 0 &&
  (before.size > 0 || draft.parts.some(({ kind }) => kind === 'tool') || calledFor(route, agent))

const hasCalled = ({ parts }: Draft, name: string): boolean =>
  parts.some((part) => part.kind === 'tool' && part.tool === name)

/** One's own agent, asked by name, is there to act; the built-in ones are as often asked by name just to talk. */
const calledFor = ({ requiresTools, complexity, forced }: RouteDecision, { source }: Agent): boolean =>
  requiresTools || complexity === 'complex' || (forced && source === 'user')

/** The tools that the newest of this agent's answers among these has used that used any; looked up only where it makes a difference. */
export async function usedBefore(
  agent: Agent,
  route: RouteDecision,
  said: readonly Message[],
  log: Pick<RunLog, 'page'>,
): Promise<ReadonlySet<string>> {
  if (agent.tools.length === 0 || calledFor(route, agent)) return new Set()
  const answers = said.filter((m) => m.role === 'assistant' && m.agent === agent.name).slice(-RECENT.answers)
  for (const { run } of answers.toReversed()) {
    const entries = await log.page(run, START, RECENT.entries)
    const used = entries.flatMap(({ event }) => (event.type === 'tool.call' ? [event.tool] : []))
    if (used.length > 0) return new Set(used)
  }
  return new Set()
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
