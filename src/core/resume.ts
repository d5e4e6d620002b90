import type { Entry } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'
import type { CallId } from '../wire/id.ts'

/**
 * How many servers may leave a run in the middle of a step before it is given up: a run that kills its server must not do so for ever. One
 * that only waited for its turn has killed none.
 */
const MOST_LIVES = 4

export type Resumption =
  | { kind: 'begin' }
  | { kind: 'give-up'; times: number }
  /** Only the end is missing, after step `step`. */
  | { kind: 'end'; step: number }
  /** Step `step` is to be taken, from where it stands; calls in `interrupted` were under way, and what they did is unknown. */
  | { kind: 'go-on'; step: number; interrupted: readonly { call: CallId; tool: string }[] }

/** Where to go on from, with a log that was left open. Tools start only after their step's end is durable, so an unended step ran none. The end of
 * a run is written together with its state, so a log with one is never claimed. */
export function resumption(draft: Draft, log: readonly Entry[]): Resumption {
  if (draft.route === null) return { kind: 'begin' }
  const last = draft.steps.at(-1)
  if (last?.finish === 'stop' || last?.finish === 'length') return { kind: 'end', step: last.step }
  const times = livesWithWork(log)
  if (times >= MOST_LIVES) return { kind: 'give-up', times }
  if (!last) return { kind: 'go-on', step: 1, interrupted: [] }
  if (last.finish !== 'tools') return { kind: 'go-on', step: last.step, interrupted: [] }
  const interrupted = draft.parts.flatMap((part) =>
    part.kind === 'tool' && part.step === last.step && part.result === null
      ? [{ call: part.call, tool: part.tool }]
      : [],
  )
  return { kind: 'go-on', step: last.step + 1, interrupted }
}

function livesWithWork(log: readonly Entry[]): number {
  let [lives, counted] = [0, false]
  for (const { event } of log) {
    if (event.type === 'run.resume') counted = false
    if (counted || (event.type !== 'step.start' && event.type !== 'step.continue')) continue
    counted = true
    lives++
  }
  return lives
}
