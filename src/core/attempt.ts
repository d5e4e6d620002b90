import type { Json, Stopped } from '../wire/event.ts'
import type { Format } from '../wire/message.ts'
import type { Project } from '../wire/mind.ts'
import type { Admitted } from './admit.ts'
import type { Deps } from './deps.ts'
import { expectMs } from './expect.ts'
import type { Gauge } from './gauge.ts'
import { saidIn, wayOn, type Way } from './going-on.ts'
import type { Journal } from './journal.ts'
import { joint } from './joint.ts'
import { letGo } from './let-go.ts'
import { meanwhile } from './meanwhile.ts'
import { narrate } from './narrate.ts'
import { specOf } from './offer.ts'
import { writtenCalls } from './prompted.ts'
import { promptedTurn } from './prompted-turn.ts'
import type { Agent, Chosen, Claim, ToolSpec } from './ports.ts'
import { speak, type Spoken } from './speak.ts'
import { recalledFirst, recalledText } from './recall-text.ts'
import type { Tasks } from './tasks.ts'
import { canSee, type Told } from './attached.ts'
import { buildTurn, costOf, promptOf, UNKNOWN_CONTEXT, type Shown } from './turn.ts'
import type { Tool } from './tool-ports.ts'
import { watch } from './watch.ts'

export type Upstream = Stopped['upstream']
export type StepInput = {
  claim: Claim
  journal: Journal
  agent: Agent
  project: Project | null
  history: readonly Told[]
  question: Told
  step: number
  /** The tools that the model may call. */
  offered: readonly Tool[]
  /** The one of them that it must call; what it says instead is read as the call that it may be. */
  must: Must | null
  /** What the answer is held to, where no tool is offered. */
  format: Format | null
  /** What it is told beside the conversation, at its end. */
  remark: string | null
  stop: AbortSignal
  /** Aborts when the server stops, and owns what is left to be seen of a backend after a run's end. */
  stopping: AbortSignal
  tasks: Tasks
}
export type Must = {
  tool: string
  read: (words: string) => { call: { tool: string; input: Json }; repaired: string | null }
}
/** What a backend told of its context when it refused a turn, which is more than was known or guessed before. */
export type Room = { context: number; scale: number }
export type Attempt = {
  /** Endpoints of which any will do. */
  group: readonly [Chosen, ...Chosen[]]
  /** By endpoint. */
  rooms: ReadonlyMap<string, Room>
  gauge: Gauge
  /** Endpoints that failed when they were given words to go on from. */
  distrusted: ReadonlySet<string>
  /** Models, with their endpoints, that refused a turn because it had tools. */
  wordy: ReadonlySet<string>
}
export type Tried = { spoken: Spoken; shown: Shown; chosen: Chosen; way: Way['by']; upstream: Upstream }

/** Waits for a slot, asks the model there, and writes what it says: from the beginning, or from where the step stands. */
export async function attempt(
  input: StepInput,
  deps: Deps,
  { group, rooms, gauge, distrusted, wordy }: Attempt,
): Promise<Tried> {
  const { claim, journal, agent, project, history, question, step, stop } = input
  const { admission, clock, limits, say, speeds } = deps
  const said = saidIn(journal.draft, step)
  const turnFor = (chosen: Chosen, way: Way) => {
    const room = rooms.get(chosen.endpoint)
    const context = room?.context ?? chosen.context
    const prompted = writesCalls(chosen, wordy)
    const tools = toolsWithin(input.offered, { ...chosen, context }, prompted)
    return {
      ...buildTurn({
        tools: costOf(tools, prompted),
        agent,
        project,
        history,
        question,
        draft: journal.draft,
        recalled: (most) => recalledText(recalledFirst(journal.draft), most, deps.material, question.text),
        context,
        scale: room?.scale ?? 1,
        way,
        remark: input.remark,
        sees: canSee(chosen, claim.wish),
      }),
      tools,
      prompted,
      context,
    }
  }
  const expected = turnFor(group[0], { by: 'start' })
  const nothing = { shown: expected, chosen: group[0], way: 'start', upstream: 'none' } as const
  const admitted: Admitted | null = await admission.enter({
    run: claim.run,
    session: claim.session,
    priority: claim.wish.priority,
    places: () => group,
    expectMs: (endpoint) => {
      const there = group.find((one) => one.endpoint === endpoint) ?? group[0]
      const toRead = speeds.toRead(there.endpoint, there.name, promptOf(expected, agent.name))
      return expectMs(speeds.near(there.endpoint, there.name), toRead)
    },
    report: ({ place, of, etaMs }) => {
      if (stop.aborted) return
      const eta = etaMs === null ? {} : { etaMs: Math.round(etaMs), estimated: true }
      journal.write({ type: 'phase', phase: 'queued', done: place, total: of, model: group[0].name, ...eta })
    },
    signal: stop,
  })
  if (!admitted) return { ...nothing, spoken: { kind: 'stopped' } }
  let keeps = false
  try {
    const chosen = group.find((one) => one.endpoint === admitted.endpoint) ?? group[0]
    const { name, endpoint } = chosen
    // Neither a call nor a form is gone on with in its middle.
    const whole = input.must !== null || input.format !== null
    const way = await meanwhile(
      async () =>
        whole ? ({ by: 'start' } as const) : wayOn(said, chosen, { prefill: !distrusted.has(endpoint), clock, stop }),
      (phase) => {
        if (!stop.aborted) journal.write({ ...phase, model: name })
      },
      clock,
    )
    if (stop.aborted) return { ...nothing, spoken: { kind: 'stopped' } }
    const { context, tools, prompted, ...shown } = turnFor(chosen, way)
    const asked = {
      step,
      model: name,
      endpoint,
      ...(chosen.practice ? { practice: true } : {}),
      ...(chosen.remote === null ? {} : { remote: chosen.remote }),
    }
    if (way.by === 'start') journal.write({ type: 'step.start', ...asked })
    else journal.write({ type: 'step.continue', ...asked, by: way.by, kept: said.text.length })
    // The log says where words go before they go there, so that what is taken back at this moment has not left.
    if (chosen.remote !== null) await journal.flushed()
    const leaves = chosen.remote === null ? '' : `; the words leave this machine for ${chosen.remote}`
    say({
      level: 'info',
      text: `Step ${step}: ${name} at ${endpoint}${leaves}`,
      run: claim.run,
      session: claim.session,
    })
    const { left, outputs, steps, recalled } = shown
    if (left + outputs + steps + recalled > 0)
      journal.write({
        type: 'context.cut',
        left,
        context: context ?? UNKNOWN_CONTEXT,
        ...(outputs > 0 ? { outputs } : {}),
        ...(steps > 0 ? { steps } : {}),
        ...(recalled > 0 ? { recalled } : {}),
      })
    const held = {
      ...(tools.some((tool) => tool.name === input.must?.tool) ? { must: input.must!.tool } : {}),
      ...(input.format !== null && tools.length === 0 ? { format: input.format } : {}),
    }
    const asking = {
      ...held,
      model: name,
      messages: shown.messages,
      tools,
      thread: claim.session,
      ...(claim.wish.temperature === null ? {} : { temperature: claim.wish.temperature }),
      ...(way.by === 'prefill' ? { said: way.said } : {}),
    }
    const turn = prompted ? promptedTurn(asking) : asking
    const watched = watch((signal) => chosen.model.stream(turn, signal), { limits, clock, say, endpoint, stop })
    const speed = speeds.of(endpoint, name)
    const known = new Set(tools.map((tool) => tool.name))
    // Who has written calls before may write one though nothing can be called any more; that is no text either.
    const reads = prompted ? known.size > 0 || journal.draft.parts.some(({ kind }) => kind === 'tool') : known.size > 0
    // Also from those that have a form of their own: small models leave it, and write a call into a block of code.
    const read =
      reads && !(chosen.calls === true && !chosen.local) ? writtenCalls(watched, { known, prompted }) : watched
    const joined = way.by === 'shown' ? joint(read, said.text) : read
    const prompt = promptOf(shown, agent.name)
    const toRead = speeds.toRead(endpoint, name, prompt)
    const told = narrate(joined, { clock, stop, speed, toRead, bytes: chosen.bytes })
    const spoken = await speak(told, { journal, gauge, aside: input.must !== null })
    const tried = { shown, chosen, way: way.by }
    if (spoken.kind === 'ended' && way.by === 'start' && gauge.tokensRead !== null)
      speeds.learnRead(endpoint, name, prompt, gauge.tokensRead)
    if (spoken.kind !== 'stopped' || claim.stop.reason !== 'cancelled') return { ...tried, spoken, upstream: 'closed' }
    keeps = true
    return { ...tried, spoken, upstream: await letGo(chosen, admitted.leave, { ...input, clock }) }
  } finally {
    if (!keeps) admitted.leave()
  }
}

/** The model knows nothing of calls, and is told in words how to write one. */
const writesCalls = (chosen: Chosen, wordy: ReadonlySet<string>): boolean =>
  chosen.calls === false || wordy.has(modelAt(chosen))
export const modelAt = ({ endpoint, name }: Pick<Chosen, 'endpoint' | 'name'>): string => `${endpoint} ${name}`

/** Tools take this much of what a model can hold at most; those that an agent names first come first. */
const TOOL_SHARE = 0.4

/** What knows nothing is told of no tool, and what can hold little of no more than it can hold. */
function toolsWithin(
  offered: readonly Tool[],
  { practice, context }: Pick<Chosen, 'practice' | 'context'>,
  prompted: boolean,
) {
  const room = (context ?? UNKNOWN_CONTEXT) * TOOL_SHARE
  const told: ToolSpec[] = []
  if (practice) return told
  for (const spec of offered.map(specOf)) if (costOf([...told, spec], prompted) <= room) told.push(spec)
  return told
}
