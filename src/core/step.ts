import { z } from 'zod'
import type { Json } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import { newCallId, type CallId } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import type { Agent, Chosen, Claim, Tool, ToolSpec } from './ports.ts'
import { speak, type Spoken } from './speak.ts'
import { buildTurn, UNKNOWN_CONTEXT, type Shown } from './turn.ts'
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

/** What a backend told of its context when it refused a turn, which is more than was known or guessed before. */
type Room = { context: number | null; scale: number }

/**
 * One answer of a model, in the log from `step.start` to `step.end`. It is tried again, under the same number, when nothing was lost by
 * it (the endpoint was not there, the history was too long) and when PKN's own engine crashed; the log shows each attempt.
 */
export async function takeStep(input: StepInput, deps: Deps): Promise<StepEnd> {
  const { claim, journal, agent, step, stop } = input
  const { backends, say } = deps
  let room: Room = { context: null, scale: 1 }
  let earlier: FaultData | null = null
  const failed = new Set<string>()
  for (let attempt = 1; ; attempt++) {
    const { model, backend } = claim.wish
    const wanted = {
      models: model === null ? agent.models : [model, ...agent.models],
      backend,
      failed,
      load: (endpoint: string) => {
        const { busy, waiting } = deps.admission.standing(endpoint)
        return busy + waiting
      },
    }
    const picked = await backends.choose(wanted, (phase) => journal.write(phase), stop)
    if (stop.aborted) return { kind: 'stopped' }
    if (!picked.ok) return { kind: 'failed', fault: earlier ?? picked.fault }
    const [chosen] = picked.chosen
    for (const { endpoint, model: name, why } of picked.skipped)
      journal.write({ type: 'endpoint.skip', endpoint, why, ...(name === null ? {} : { model: name }) })
    const { spoken, shown } = await inSlot(input, deps, chosen, room)
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
    failed.add(chosen.endpoint)
    journal.write({ type: 'step.end', step, finish: 'failed', fault: failure })
    const text = `Step ${step}, attempt ${attempt}: ${failure.code}: ${failure.message}`
    say({ level: 'warn', text, run: claim.run, session: claim.session })
    if (stop.aborted) return { kind: 'stopped' }
    const less = shown && shown.left < input.history.length ? roomOf(failure, shown) : null
    const elsewhere = failure.code === 'engine.crashed' || (failure.code === 'engine.unreachable' && !spoken.said)
    if (attempt >= MOST_ATTEMPTS || !(less || (elsewhere && !earlier))) return { kind: 'failed', fault: failure }
    if (less) room = less
    else earlier = failure
  }
}

async function inSlot(
  { claim, journal, agent, history, question, step, stop }: StepInput,
  deps: Deps,
  chosen: Chosen,
  room: Room,
): Promise<{ spoken: Spoken; shown: Shown | null }> {
  const admitted = await deps.admission.enter({
    run: claim.run,
    session: claim.session,
    priority: claim.wish.priority,
    places: () => [chosen],
    expectMs: () => null,
    report: ({ place, of }) =>
      journal.write({ type: 'phase', phase: 'queued', done: place, total: of, model: chosen.name }),
    signal: stop,
  })
  if (!admitted) return { spoken: { kind: 'stopped' }, shown: null }
  try {
    const context = room.context ?? chosen.context
    const shown = buildTurn({ agent, history, question, draft: journal.draft, context, scale: room.scale })
    journal.write({
      type: 'step.start',
      step,
      model: chosen.name,
      endpoint: chosen.endpoint,
      ...(chosen.practice ? { practice: true } : {}),
    })
    if (shown.left > 0) journal.write({ type: 'context.cut', left: shown.left, context: context ?? UNKNOWN_CONTEXT })
    const { messages } = shown
    const turn = { model: chosen.name, messages, tools: specs(agent, deps.tools), thread: claim.session }
    const { limits, clock, say } = deps
    const watched = { limits, clock, say, endpoint: chosen.endpoint, stop }
    return {
      spoken: await speak(
        watch((signal) => chosen.model.stream(turn, signal), watched),
        journal,
      ),
      shown,
    }
  } finally {
    admitted.leave()
  }
}

/** The backend has counted what was only guessed, and told its context: the next turn is cut by that, and a little more. */
function roomOf(failure: FaultData, shown: Shown): Room | null {
  const tokens = Number(failure.details?.['tokens'])
  const context = Number(failure.details?.['context'])
  if (failure.code !== 'context.full' || !(tokens > context && context > 0)) return null
  return { context, scale: (tokens / shown.guess) * 1.05 }
}

function specs(agent: Agent, tools: ReadonlyMap<string, Tool>): ToolSpec[] {
  return agent.tools.flatMap((name) => {
    const tool = tools.get(name)
    // toJSONSchema gives JSON; its type is wider.
    return tool ? [{ name, about: tool.about, schema: z.toJSONSchema(tool.input) as ToolSpec['schema'] }] : []
  })
}
