import { z } from 'zod'
import type { Json } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import { newCallId, type CallId } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Deps } from './execute.ts'
import type { Journal } from './journal.ts'
import type { Agent, Chosen, Claim, Tool, ToolSpec } from './ports.ts'
import { speak, type Spoken } from './speak.ts'
import { buildTurn, UNKNOWN_CONTEXT } from './turn.ts'
import { watch } from './watch.ts'

type StepInput = {
  claim: Claim
  journal: Journal
  agent: Agent
  history: readonly Message[]
  question: Message
  step: number
  stop: AbortSignal
}
export type StepEnd =
  | { kind: 'done' }
  | { kind: 'tools'; calls: readonly { call: CallId; tool: string; input: Json }[] }
  | { kind: 'failed'; fault: FaultData }
  | { kind: 'stopped' }

const MOST_ATTEMPTS = 3

/**
 * One answer of a model, in the log from `step.start` to `step.end`. It is tried again, under the same number, when nothing was lost by
 * it (the endpoint was not there, the history was too long) and when PKN's own engine crashed; the log shows each attempt.
 */
export async function takeStep(input: StepInput, deps: Deps): Promise<StepEnd> {
  const { claim, journal, agent, step, stop } = input
  const { backends, say } = deps
  let scale = 1
  let earlier: FaultData | null = null
  for (let attempt = 1; ; attempt++) {
    const picked = await backends.choose(
      { models: agent.models, backend: claim.wish.backend },
      (phase) => journal.write(phase),
      stop,
    )
    if (stop.aborted) return { kind: 'stopped' }
    if (!picked.ok) return { kind: 'failed', fault: earlier ?? picked.fault }
    const { chosen } = picked
    const spoken = await inSlot(input, deps, chosen, scale)
    if (spoken.kind === 'stopped') return { kind: 'stopped' }
    if (spoken.kind === 'ended') {
      const calls = spoken.calls.map(({ tool, input: given }) => ({ call: newCallId(), tool, input: given }))
      journal.write(...calls.map((call) => ({ type: 'tool.call', ...call }) as const), {
        type: 'step.end',
        step,
        finish: spoken.finish,
      })
      return spoken.finish === 'tools' ? { kind: 'tools', calls } : { kind: 'done' }
    }
    const failure = await backends.failed(chosen.endpoint, spoken.fault)
    journal.write({ type: 'step.end', step, finish: 'failed', fault: failure })
    say({
      level: 'warn',
      text: `Step ${step}, attempt ${attempt}: ${failure.code}: ${failure.message}`,
      run: claim.run,
      session: claim.session,
    })
    const longer = failure.code === 'context.full' ? rescale(failure, scale) : null
    const again =
      longer !== null
        ? input.history.length > 0
        : failure.code === 'engine.crashed' || (failure.code === 'engine.unreachable' && !spoken.said)
    if (!again || attempt >= MOST_ATTEMPTS || (longer === null && earlier !== null))
      return { kind: 'failed', fault: failure }
    if (longer === null) earlier = failure
    else scale = longer
  }
}

async function inSlot(
  { claim, journal, agent, history, question, step, stop }: StepInput,
  deps: Deps,
  chosen: Chosen,
  scale: number,
): Promise<Spoken> {
  const queued = (place: number, of: number) =>
    journal.write({ type: 'phase', phase: 'queued', done: place, total: of, model: chosen.name })
  const leave = await deps.admission.enter(chosen.endpoint, chosen.slots, claim.run, queued, stop)
  if (!leave) return { kind: 'stopped' }
  try {
    const shown = buildTurn({ agent, history, question, draft: journal.draft, context: chosen.context, scale })
    journal.write({
      type: 'step.start',
      step,
      model: chosen.name,
      endpoint: chosen.endpoint,
      ...(chosen.practice ? { practice: true } : {}),
    })
    if (shown.left > 0)
      journal.write({ type: 'context.cut', left: shown.left, context: chosen.context ?? UNKNOWN_CONTEXT })
    const turn = {
      model: chosen.name,
      messages: shown.messages,
      tools: specs(agent, deps.tools),
      thread: claim.session,
    }
    return await speak(
      watch((signal) => chosen.model.stream(turn, signal), {
        limits: deps.limits,
        clock: deps.clock,
        say: deps.say,
        endpoint: chosen.endpoint,
        stop,
      }),
      journal,
    )
  } finally {
    leave()
  }
}

/** What the backend counted, against what was guessed: the next turn is cut by the same measure, and a little more. */
function rescale(failure: FaultData, scale: number): number | null {
  const tokens = Number(failure.details?.['tokens'])
  const context = Number(failure.details?.['context'])
  return tokens > context && context > 0 ? scale * (tokens / context) * 1.15 : null
}

function specs(agent: Agent, tools: ReadonlyMap<string, Tool>): ToolSpec[] {
  return agent.tools.flatMap((name) => {
    const tool = tools.get(name)
    // toJSONSchema gives JSON; its type is wider.
    return tool ? [{ name, about: tool.about, schema: z.toJSONSchema(tool.input) as ToolSpec['schema'] }] : []
  })
}
