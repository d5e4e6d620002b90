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
  /**
   * Step `step` is to be taken, from where it stands, once the calls of step `calls` are made that have no result; those in `interrupted` were
   * under way, and what they did is unknown. `parked`: the run was given out of hand with an open question, and nobody left it in the middle.
   */
  | {
      kind: 'go-on'
      step: number
      calls: number | null
      interrupted: readonly { call: CallId; tool: string }[]
      parked: boolean
    }

/** Where to go on from, with a log that was left open. A tool starts only after its `tool.start` is durable, so a call without it did nothing. The end of
 * a run is written together with its state, so a log with one is never claimed. */
export function resumption(draft: Draft, log: readonly Entry[]): Resumption {
  if (draft.route === null) return { kind: 'begin' }
  const last = draft.steps.at(-1)
  if (last?.finish === 'stop' || last?.finish === 'length') return { kind: 'end', step: last.step }
  const times = livesWithWork(log)
  if (times >= MOST_LIVES) return { kind: 'give-up', times }
  const nothing = { calls: null, interrupted: [], parked: false }
  if (!last) return { kind: 'go-on', step: 1, ...nothing }
  if (last.finish !== 'tools') return { kind: 'go-on', step: last.step, ...nothing }
  const open = draft.parts.filter((part) => part.kind === 'tool' && part.step === last.step && part.result === null)
  const calls = open.filter((part) => part.kind === 'tool')
  return {
    kind: 'go-on',
    step: last.step + 1,
    calls: last.step,
    interrupted: calls.flatMap(({ call, tool, began }) => (began === null ? [] : [{ call, tool }])),
    parked: calls.some(({ ask, began }) => ask !== null && ask.allow === null && began === null),
  }
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
