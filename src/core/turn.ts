import type { Draft } from '../wire/fold.ts'
import type { AgentName } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Project } from '../wire/mind.ts'
import { inOrder } from '../wire/order.ts'
import { shown, type Told } from './attached.ts'
import { estimateTokens } from './estimate.ts'
import { shownAgain, type Way } from './going-on.ts'
import type { Agent, ToolSpec, TurnMessage } from './ports.ts'
import type { Prompt } from './measured.ts'
import type { RecalledText } from './recall-text.ts'
import { withRemark } from './repeat.ts'
import { systemOf } from './turn-system.ts'
import { toolsText } from './prompted-turn.ts'
import { fitted, takenSteps } from './turn-steps.ts'

/** Room that is left for the answer: a quarter of the context, 1,024 tokens at most. */
const answerRoom = (context: number) => Math.min(1024, Math.floor(context / 4))
/** What is assumed of a model that doesn't tell its context. */
export const UNKNOWN_CONTEXT = 8192
const PER_MESSAGE = 8
/** How much of the room is for older messages where the run's own steps take it all. */
const PAST_SHARE = 0.25
/** What was looked up takes no more than this, a smaller share where the context is small, and half of what is free. */
const RECALL = { share: 0.2, small: 0.12, smallUpTo: 4096, most: 4000 }
const recallRoom = (context: number, free: number): number => {
  const share = context <= RECALL.smallUpTo ? RECALL.small : RECALL.share
  return Math.max(0, Math.min(RECALL.most, context * share, free / 2))
}
const NOTHING: RecalledText = { text: '', left: 0 }
/** A picture of a usual size, as most models count it. */
const PER_PICTURE = 800

/** What was said in a session before `question`, as the model is to read it. Answers without a word are left out. */
export function before(question: Message, messages: readonly Message[]): Message[] {
  const ordered = inOrder(messages)
  const end = ordered.findIndex((m) => m.id === question.id)
  return ordered.slice(0, end === -1 ? undefined : end).filter((m) => m.text !== '' || m.attachments.length > 0)
}

/**
 * `left` messages of the history were left out, `outputs` of this run's tools shortened, and `steps` of it left out; `recalled` of what was
 * looked up was left out or cut; `guess` is how many tokens the rest was thought to be, before any correction.
 */
export type Shown = {
  messages: TurnMessage[]
  left: number
  outputs: number
  steps: number
  recalled: number
  guess: number
}

/**
 * What the model is shown: the agent's instructions, as many of the newest exchanges as its context holds, the question, and the steps that
 * this run has taken; and what the step under way has said so far, if it goes on from that. `scale` corrects the guess of the token count by
 * what the backend counted. The newest question is always shown; whether it fits is the backend's to say.
 */
export function buildTurn(input: {
  agent: Agent
  project?: Pick<Project, 'name' | 'instructions'> | null
  history: readonly Told[]
  question: Told
  draft: Draft
  context: number | null
  scale?: number
  way?: Way
  /** Told at the end of what is shown, and not a part of what was said. */
  remark?: string | null
  /** Whether the model can look at pictures. */
  sees?: boolean
  /** What it is told of tools beside that, in tokens. */
  tools?: number
  /** What is put before the question, in so many tokens at most. */
  recalled?: (room: number) => RecalledText
}): Shown {
  const context = input.context ?? UNKNOWN_CONTEXT
  const told = (message: Told) => shown(message, input.sees ?? false)
  const scaled = (tokens: number) => Math.ceil(tokens * (input.scale ?? 1)) + PER_MESSAGE
  const cost = (m: TurnMessage) => scaled(guessOf(m))
  const asked = told(input.question)
  const way = input.way ?? { by: 'start' }
  const again = way.by === 'shown' ? shownAgain(way.said) : []
  const said = way.by === 'prefill' ? way.said.thought + way.said.text : ''
  const spoken = estimateTokens(said) + (input.tools ?? 0)
  const system = systemOf(input.agent, input.project ?? null, context)
  const bare =
    scaled(estimateTokens(system) + spoken + guessOf(asked) + estimateTokens(input.remark ?? '')) +
    PER_MESSAGE +
    again.reduce((sum, m) => sum + cost(m), 0)
  const spare = context - answerRoom(context) - bare
  const recalled = input.recalled?.(recallRoom(context, spare) / (input.scale ?? 1)) ?? NOTHING
  const question = recalled.text === '' ? asked : { ...asked, text: recalled.text + asked.text }
  const free = spare - scaled(estimateTokens(recalled.text)) + PER_MESSAGE
  // What was said before keeps a part of the room, so that a run with many calls still knows what it is about.
  const past = input.history.reduce((sum, m) => sum + cost(told(m)), 0)
  const { messages: taken, ...cut } = fitted(takenSteps(input.draft), free - Math.min(past, free * PAST_SHARE), cost)
  const steps = [...taken, ...again]
  let room = free - taken.reduce((sum, m) => sum + cost(m), 0)
  const kept: TurnMessage[] = []
  let from = input.history.length
  // Whole exchanges only: an answer without its question misleads a small model.
  for (const exchange of exchanges(input.history).toReversed()) {
    const shownNow = exchange.map(told)
    const needed = shownNow.reduce((sum, m) => sum + cost(m), 0)
    if (needed > room) break
    room -= needed
    from -= exchange.length
    kept.unshift(...shownNow)
  }
  const all: TurnMessage[] = [{ role: 'system', text: system }, ...kept, question, ...steps]
  const messages = (input.remark == null ? all : withLast(all, input.remark)).map(whole)
  const guess = messages.reduce((sum, m) => sum + guessOf(m) + PER_MESSAGE, spoken)
  return { messages, left: from, ...cut, recalled: recalled.left, guess }
}

/** What was cut may end in half a character, for which servers refuse all of the request. */
const whole = (m: TurnMessage): TurnMessage => ({ ...m, text: m.text.toWellFormed() })

/** Added to what is last there already: some templates take no further message. */
const withLast = (messages: readonly TurnMessage[], remark: string): TurnMessage[] =>
  messages.map((m, i) => (i === messages.length - 1 ? { ...m, text: withRemark(m.text, remark) } : m))

function guessOf(m: TurnMessage): number {
  const text = estimateTokens(m.text)
  if (m.role === 'user') return text + (m.images?.length ?? 0) * PER_PICTURE
  if (m.role !== 'assistant') return text
  const calls = (m.calls ?? []).reduce(
    (sum, { tool, input }) => sum + estimateTokens(tool + JSON.stringify(input)) + 12,
    0,
  )
  return text + calls + estimateTokens(m.thought ?? '')
}

/** Tokens in which a model is told of its tools: `prompted`, in words. */
export const costOf = (tools: readonly ToolSpec[], prompted: boolean): number =>
  tools.length === 0 ? 0 : estimateTokens(prompted ? toolsText(tools) : JSON.stringify(tools))

/** Fresh is what came since the model spoke last: all else it, or one before it with the same instructions, has read or said itself. */
export function promptOf({ messages, guess }: Shown, agent: AgentName): Prompt {
  const spoke = messages.findLastIndex(({ role }) => role === 'assistant')
  const since = messages.slice(spoke + 1).filter(({ role }) => role !== 'system')
  const fresh = since.reduce((sum, m) => sum + guessOf(m) + PER_MESSAGE, 0)
  return { agent, begins: spoke === -1, fresh, rest: Math.max(0, guess - fresh) }
}

function exchanges(history: readonly Told[]): Told[][] {
  const groups: Told[][] = []
  for (const message of history) {
    const last = groups.at(-1)
    if (message.role === 'assistant' && last) last.push(message)
    else groups.push([message])
  }
  return groups
}
