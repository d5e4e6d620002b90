import type { Stopped } from '../wire/event.ts'
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
import type { Agent, Chosen, Claim } from './ports.ts'
import { speak, type Spoken } from './speak.ts'
import type { Tasks } from './tasks.ts'
import { canSee, type Told } from './attached.ts'
import { buildTurn, promptOf, UNKNOWN_CONTEXT, type Shown } from './turn.ts'
import type { Tool } from './tool-ports.ts'
import { watch } from './watch.ts'

export type Upstream = Stopped['upstream']
export type StepInput = {
  claim: Claim
  journal: Journal
  agent: Agent
  history: readonly Told[]
  question: Told
  step: number
  /** The tools that the model may call. */
  offered: readonly Tool[]
  /** What it is told beside the conversation, at its end. */
  remark: string | null
  stop: AbortSignal
  /** Aborts when the server stops, and owns what is left to be seen of a backend after a run's end. */
  stopping: AbortSignal
  tasks: Tasks
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
}
export type Tried = { spoken: Spoken; shown: Shown; chosen: Chosen; way: Way['by']; upstream: Upstream }

/** Waits for a slot, asks the model there, and writes what it says: from the beginning, or from where the step stands. */
export async function attempt(
  input: StepInput,
  deps: Deps,
  { group, rooms, gauge, distrusted }: Attempt,
): Promise<Tried> {
  const { claim, journal, agent, history, question, step, stop } = input
  const { admission, clock, limits, say, speeds } = deps
  const said = saidIn(journal.draft, step)
  const turnFor = (chosen: Chosen, way: Way) => {
    const room = rooms.get(chosen.endpoint)
    const context = room?.context ?? chosen.context
    return {
      ...buildTurn({
        agent,
        history,
        question,
        draft: journal.draft,
        context,
        scale: room?.scale ?? 1,
        way,
        remark: input.remark,
        sees: canSee(chosen, claim.wish),
      }),
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
    const way = await meanwhile(
      () => wayOn(said, chosen, { prefill: !distrusted.has(endpoint), clock, stop }),
      (phase) => {
        if (!stop.aborted) journal.write({ ...phase, model: name })
      },
      clock,
    )
    if (stop.aborted) return { ...nothing, spoken: { kind: 'stopped' } }
    const { context, ...shown } = turnFor(chosen, way)
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
    if (shown.left > 0) journal.write({ type: 'context.cut', left: shown.left, context: context ?? UNKNOWN_CONTEXT })
    const turn = {
      model: name,
      messages: shown.messages,
      tools: input.offered.map(specOf),
      thread: claim.session,
      ...(claim.wish.temperature === null ? {} : { temperature: claim.wish.temperature }),
      ...(way.by === 'prefill' ? { said: way.said } : {}),
    }
    const watched = watch((signal) => chosen.model.stream(turn, signal), { limits, clock, say, endpoint, stop })
    const speed = speeds.of(endpoint, name)
    const joined = way.by === 'shown' ? joint(watched, said.text) : watched
    const prompt = promptOf(shown, agent.name)
    const toRead = speeds.toRead(endpoint, name, prompt)
    const told = narrate(joined, { clock, stop, speed, toRead, bytes: chosen.bytes })
    const spoken = await speak(told, { journal, gauge })
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
