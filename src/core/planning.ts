import type { EventOf, Json, RouteDecision } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'
import { fault, type FaultData } from '../wire/fault.ts'
import type { Must } from './attempt.ts'
import { asJson } from './fit.ts'
import type { Claim } from './ports.ts'
import type { Tool, Tools } from './tool-ports.ts'
import type { Shown } from '../wire/shown.ts'

const PLAN = 'plan'
const TODO = 'todo'
/** How often a person may refuse a plan until the run ends. */
const MOST_REFUSED = 3
/** What was said against plans is told to whom plans anew, so much of it. */
const MOST_REASONS = 6
/** How often the model may fail to write one until the run goes on without. */
const MOST_FAILED = 2
const MOST_WORDS = 4000

export type Planned =
  /** No plan is wanted, or it is approved. */
  | { state: 'over' }
  /** The next step writes it, with this tool alone. */
  | { state: 'due'; tool: Tool; must: Must }
  /** The model could not write one. */
  | { state: 'without' }
  | { state: 'ended'; fault: FaultData }

/** Where a run stands with the plan that it was asked to begin with. All of it is told by its log. */
export function planned(
  { wish, continues }: Pick<Claim, 'wish' | 'continues'>,
  route: RouteDecision,
  draft: Draft,
  tools: Tools,
): Planned {
  const wanted = wish.plan === 'always' || (wish.plan === 'complex' && route.complexity === 'complex')
  const tool = tools.find(PLAN)
  // What was said is gone on with; a plan that nobody approved is made anew.
  const goesOn = continues !== null && !(draft.continues?.kept === 0 && draft.continues.plan?.approved === false)
  if (!wanted || goesOn || tool === null || hasPlan(draft)) return { state: 'over' }
  const asks = draft.parts.flatMap((part) => (part.kind === 'tool' && part.tool === PLAN && part.ask ? [part.ask] : []))
  const refused = asks.filter(({ allow }) => allow === false)
  if (stepsWithout(draft) >= MOST_FAILED) return { state: 'without' }
  if (refused.some(({ by }) => by === 'time')) return { state: 'ended', fault: fault('plan.late') }
  if (refused.length >= MOST_REFUSED) return { state: 'ended', fault: fault('plan.refused', { times: refused.length }) }
  return { state: 'due', tool, must: { tool: PLAN, read: fromWords } }
}

const hasPlan = (draft: Draft): boolean => standingPlan(draft)?.approved === true

type Plan = NonNullable<EventOf<'run.continue'>['plan']>

/** The plan that a run stands with: its own, or that of the run which it goes on with. */
export function standingPlan({ parts, continues }: Draft): Plan | null {
  const plans = parts.flatMap((part) => (part.kind === 'tool' && part.tool === PLAN ? [part] : []))
  const stepsIn = (shown: Shown | undefined) => (shown?.kind === 'plan' ? shown.steps : [])
  const approved = plans.findLast(({ ask, result }) => ask?.allow === true && result?.ok === true)
  if (approved) return { approved: true, steps: stepsIn(approved.result?.shown), reasons: [] }
  const refused = plans.flatMap(({ ask }) => (ask?.allow === false ? [ask] : []))
  const before = continues?.plan ?? null
  if (refused.length === 0) return before
  const reasons = [...(before?.reasons ?? []), ...refused.flatMap(({ reason = '' }) => reason.trim() || [])]
  return { approved: false, steps: stepsIn(refused.at(-1)?.shown), reasons: reasons.slice(-MOST_REASONS) }
}

/** Steps that are over and of which no plan came that a person could look at. One that a person approved and made into none is theirs, and comes again. */
function stepsWithout({ steps, parts }: Draft): number {
  return steps.filter(({ step, finish }) => {
    if (finish !== 'tools') return false
    const calls = parts.flatMap((part) => (part.kind === 'tool' && part.step === step ? [part] : []))
    return calls.every(({ result }) => result !== null) && !calls.some(({ ask }) => ask !== null && ask.allow !== null)
  }).length
}

const FIRST_PLAN =
  'First of all, write down the steps in which you will do this: call the tool plan, and do nothing else yet. The user looks at the plan before you begin.'

/** What whom is to write a plan is told, with what was said against those before. */
export function firstPlan({ continues }: Draft): string {
  const { steps = [], reasons = [] } = continues?.plan ?? {}
  const refused = steps.length === 0 ? [] : [`The user has refused this plan before:\n${numbered(steps)}`]
  const said = reasons.map((reason) => `The user said about it: ${reason}`)
  return [FIRST_PLAN, ...refused, ...said].join('\n')
}

/** What whom goes on with an answer is told of the plan that was approved for it. */
export function standingWords({ continues, todo }: Draft): string[] {
  if (continues?.plan?.approved !== true || todo.length === 0) return []
  const list = numbered(todo.map(({ text, state }) => (state === 'open' ? text : `${text} (${state})`)))
  return [`The user has approved this plan for your answer; go on with what is not done:\n${list}`]
}

const numbered = (lines: readonly string[]): string => lines.map((text, i) => `${i + 1}. ${text}`).join('\n')

export const NO_PLAN = 'No plan came of it, so the run goes on without one.'

/** Who follows a plan keeps the list of what is done, whether its agent has the tool for that or not. */
export function withList(offered: readonly Tool[], draft: Draft, tools: Tools): readonly Tool[] {
  const list = tools.find(TODO)
  return list === null || !hasPlan(draft) || offered.includes(list) ? offered : [...offered, list]
}

/** The call that words are which a model said in place of one: JSON, or a list; else they are told to be none. */
export function fromWords(words: string): ReturnType<Must['read']> {
  const call = (input: Json, repaired: string | null) => ({ call: { tool: PLAN, input }, repaired })
  const begin = words.search(/[[{]/)
  const json = begin === -1 ? undefined : asJson(words.slice(begin, words.search(/[\]}][^\]}]*$/) + 1))
  if (typeof json === 'object' && json !== null) {
    const input = Array.isArray(json) ? { steps: json } : json
    if ('steps' in input || 'input' in input || 'arguments' in input || 'parameters' in input)
      return call(unwrapped(input), 'The plan was written as text, and was read from there.')
  }
  const steps = listIn(words)
  if (steps.length > 0) return call({ steps }, 'The plan was a list in the text, and was read from there.')
  return call(words.trim().slice(0, MOST_WORDS), null)
}

/** Without the name of the tool that stands beside it. */
function unwrapped(call: { [key: string]: Json }): Json {
  const { tool: _, ...input } = call
  return input
}

const ITEM = /^ {0,3}(?:\d{1,2}[.):]|[-*•]|step \d{1,2}[:.)-])\s+(.+)$/i
const MOST_STEPS = 20

/** The items of a list. */
function listIn(words: string): string[] {
  return words
    .split('\n')
    .flatMap((line) => ITEM.exec(line)?.[1] ?? [])
    .map((item) =>
      item
        .replaceAll(/\*\*|__|`/g, '')
        .trim()
        .slice(0, 500),
    )
    .filter((item) => item !== '')
    .slice(0, MOST_STEPS)
}
