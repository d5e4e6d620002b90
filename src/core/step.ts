import type { EventOf, Json } from '../wire/event.ts'
import { fault as faultOf, type FaultData } from '../wire/fault.ts'
import type { Draft } from '../wire/fold.ts'
import { newCallId, type CallId } from '../wire/id.ts'
import { canSee } from './attached.ts'
import { attempt, modelAt, type Room, type StepInput, type Upstream } from './attempt.ts'
import type { Deps } from './deps.ts'
import { Gauge } from './gauge.ts'
import { further, saidIn } from './going-on.ts'
import { meanwhile } from './meanwhile.ts'
import { moment } from './moment.ts'
import type { Chosen } from './ports.ts'
import type { Spoken } from './speak.ts'
import type { Shown } from './turn.ts'

export type StepEnd =
  | { kind: 'done' }
  | { kind: 'tools'; calls: readonly { call: CallId; tool: string; input: Json }[] }
  | { kind: 'failed'; fault: FaultData }
  | { kind: 'stopped'; upstream: Upstream }

/** However many endpoints there are and however far each comes, a step has an end. */
const MOST_ATTEMPTS = 20
/** How often endpoints that failed in this step are asked again without a new word coming of it. */
const MOST_BARREN = 2
/** How often less of the history is shown because the backend counted more than was guessed. */
const MOST_CUTS = 2
/** Waits for an endpoint to come back that is to go on with an answer. */
const PAUSES_MS = [300, 1000, 3000]

/**
 * One answer of a model, in the log from `step.start` to `step.end`. An endpoint that fails is passed over for the next one, visibly. What
 * was written by then is kept and gone on with (`step.continue`), also where another process wrote it; the endpoint that failed is asked
 * again only for that, or after a crash of PKN's own engine. It fails with the newest fault once nothing new comes of it, and the words
 * stay.
 */
export async function takeStep(input: StepInput, deps: Deps): Promise<StepEnd> {
  const { claim, journal, step, stop } = input
  const { backends, clock, say } = deps
  const failed = new Set<string>()
  const distrusted = new Set<string>()
  const small = new Set<string>()
  /** Models that could not be loaded; others at the same endpoint can. */
  const broken = new Set<string>()
  /** Models that will hear of no tools: they are told of them in words. */
  const wordy = new Set<string>()
  const pauses = PAUSES_MS.values()
  const rooms = new Map<string, Room>()
  let [attempts, barren, cuts] = [0, 0, 0]
  let fault: FaultData | null = null
  let furthest = saidIn(journal.draft, step)
  const tell = (phase: EventOf<'phase'>) => {
    if (!stop.aborted) journal.write(phase)
  }
  for (;;) {
    const gauge = new Gauge(clock)
    // After one whose context is too small, one that only broke off is as good as any other.
    const avoided = fault?.code === 'context.full' && furthest.text !== '' ? small : failed
    const picked = await choose(input, deps, avoided, gauge)
    if (stop.aborted) return { kind: 'stopped', upstream: 'none' }
    if (picked.ok && input.question.pictures && !canSee(picked.chosen[0], claim.wish))
      return { kind: 'failed', fault: fault ?? faultOf('model.blind', { model: picked.chosen[0].name }) }
    const stands = furthest.text !== ''
    // What knows nothing is no help with an answer that another one began.
    const useless = picked.ok && stands && picked.chosen[0].practice && !begunBy(journal.draft, picked.chosen[0])
    if (!picked.ok || useless) {
      const none = picked.ok ? faultOf('model.none', { what: 'only the practice model is there' }) : picked.fault
      const pause = stands && none.retry ? pauses.next().value : undefined
      if (pause === undefined) return { kind: 'failed', fault: fault ?? none }
      await meanwhile(() => moment(pause, clock, stop), tell, clock)
      if (stop.aborted) return { kind: 'stopped', upstream: 'none' }
      continue
    }
    if (fault && small.has(picked.chosen[0].endpoint)) return { kind: 'failed', fault }
    if (fault && broken.has(modelAt(picked.chosen[0]))) return { kind: 'failed', fault }
    const again = failed.has(picked.chosen[0].endpoint)
    const said = stands || furthest.thought !== ''
    if (fault && again && !(said || (fault.code === 'engine.crashed' && barren === 0))) return { kind: 'failed', fault }

    attempts++
    const { spoken, shown, chosen, way, upstream } = await attempt(input, deps, {
      group: picked.chosen,
      rooms,
      gauge,
      distrusted,
      wordy,
    })
    if (spoken.kind === 'stopped') return { kind: 'stopped', upstream }
    if (spoken.kind === 'ended') {
      learn(deps, chosen, gauge, way === 'start')
      return ended(input, spoken)
    }
    const failure = await meanwhile(() => backends.failed(chosen.endpoint, spoken.fault), tell, clock)
    say({
      level: 'warn',
      text: `Step ${step}, attempt ${attempts}, at ${chosen.endpoint}: ${failure.code}: ${failure.message}`,
      run: claim.run,
      session: claim.session,
    })
    // What a model has asked for as a whole is not lost by what became of it afterwards.
    if (spoken.calls.length > 0) return ended(input, { finish: 'tools', calls: spoken.calls, words: '' })
    journal.write({ type: 'step.end', step, finish: 'failed', fault: failure })
    if (stop.aborted) return { kind: 'stopped', upstream: 'none' }
    fault = failure

    if (typeof failure.details?.['tools'] === 'string' && !wordy.has(modelAt(chosen))) {
      wordy.add(modelAt(chosen))
      continue
    }
    const less = shown.left < input.history.length && cuts < MOST_CUTS ? roomOf(failure, shown) : null
    if (less) {
      rooms.set(chosen.endpoint, less)
      cuts++
      continue
    }
    const now = saidIn(journal.draft, step)
    const gained = further(now, furthest)
    if (gained) furthest = now
    else if (way === 'prefill') distrusted.add(chosen.endpoint)
    barren = gained ? 0 : barren + (failed.has(chosen.endpoint) ? 1 : 0)
    if (failure.code === 'model.broken') broken.add(modelAt(chosen))
    else failed.add(chosen.endpoint)
    if (failure.code === 'context.full') small.add(chosen.endpoint)
    if (!mendable(failure) || barren >= MOST_BARREN || attempts >= MOST_ATTEMPTS) return { kind: 'failed', fault }
  }
}

async function choose(
  { claim, journal, agent, history, question, stop }: StepInput,
  { backends, admission, clock }: Deps,
  failed: ReadonlySet<string>,
  gauge: Gauge,
) {
  const { model, backend } = claim.wish
  const wanted = {
    models: model === null ? agent.models : [model, ...agent.models],
    named: model,
    backend,
    failed,
    pictures: [...history, question].some(({ pictures }) => pictures !== undefined),
    load: (endpoint: string) => {
      const { busy, waiting } = admission.standing(endpoint)
      return busy + waiting
    },
  }
  const picked = await meanwhile(
    (report) => backends.choose(wanted, report, stop),
    (phase) => {
      if (stop.aborted) return
      gauge.see([phase])
      journal.write(phase)
    },
    clock,
  )
  if (stop.aborted) return picked
  for (const { endpoint, model: name, why } of picked.skipped) {
    // Numbers within a reason, such as since when, are no news.
    const plain = (text: string) => text.replaceAll(/\d+/g, '0')
    const told = journal.draft.skips.some(
      (skip) => skip.endpoint === endpoint && skip.model === name && plain(skip.why) === plain(why),
    )
    if (!told) journal.write({ type: 'endpoint.skip', endpoint, why, ...(name === null ? {} : { model: name }) })
  }
  return picked
}

type Said = Pick<Extract<Spoken, { kind: 'ended' }>, 'finish' | 'calls' | 'words'>

function ended({ journal, step, must }: StepInput, said: Said): StepEnd {
  const read = must !== null && said.calls.length === 0 ? must.read(said.words) : null
  const asked = read === null ? said.calls : [read.call]
  const finish = read === null ? said.finish : 'tools'
  const calls = asked.map(({ tool, input }) => ({ call: newCallId(), tool, input }))
  const repaired = read?.repaired == null ? [] : [{ type: 'guard', guard: 'repaired', text: read.repaired } as const]
  // One append, so that after a crash either all of the calls are known or none.
  journal.write(...repaired, ...calls.map((call) => ({ type: 'tool.call', ...call }) as const), {
    type: 'step.end',
    step,
    finish,
  })
  return finish === 'tools' ? { kind: 'tools', calls } : { kind: 'done' }
}

/** The tokens of an answer that was gone on with are not those of an answer. */
function learn({ backends, speeds }: Deps, { endpoint, name }: Chosen, gauge: Gauge, whole: boolean): void {
  backends.worked(endpoint)
  const { write, ...rest } = gauge.measured
  speeds.learn(endpoint, name, whole && write !== undefined ? { ...rest, write } : rest)
}

/** Whether the practice model, chosen now, said what stands. */
function begunBy({ steps, continues }: Draft, { name }: Chosen): boolean {
  const last = steps.at(-1)
  return last ? last.practice : continues?.model === name
}

/** Whether another endpoint, or the same one later, could do better. */
const mendable = ({ code }: FaultData): boolean =>
  /^(?:engine\.|watch\.|(?:model\.missing|model\.broken|context\.full)$)/.test(code)

/** The backend has counted what was only guessed, and told its context: the next turn is cut by that, and a little more. */
function roomOf(failure: FaultData, shown: Shown): Room | null {
  const tokens = Number(failure.details?.['tokens'])
  const context = Number(failure.details?.['context'])
  if (failure.code !== 'context.full' || !(tokens > context && context > 0)) return null
  return { context, scale: (tokens / shown.guess) * 1.05 }
}
