import type { Draft, PhaseState } from '../../wire/fold.ts'

/** What the page shows of a phase's progress: figures that go one way, so that a new estimate does not make them dance. */
export type Pace = {
  /** What was said last of the phase that this is about. */
  said: PhaseState | null
  done: number | null
  /** When it should be over, in milliseconds since the run began. */
  due: number | null
}
export const NO_PACE: Pace = { said: null, done: null, due: null }

/** An estimate that differs by less than this is the same one. */
const SAME_MS = 1500
const SAME_SHARE = 0.25

/** Pure. Within a phase what is done never shrinks, and the moment of its end moves only when it has really moved. */
export function paced(before: Pace, { phase, t }: Draft): Pace {
  if (phase === before.said) return before
  if (phase === null) return NO_PACE
  const same = before.said?.phase === phase.phase && before.said.since === phase.since
  const due = dueOf(phase, t)
  if (!same) return { said: phase, done: phase.done ?? null, due }
  // A place in the line may grow, when somebody comes who goes before; what was read is read.
  const grows = phase.phase !== 'queued' && before.said?.total === phase.total
  const done = grows && before.done !== null ? Math.max(before.done, phase.done ?? 0) : (phase.done ?? before.done)
  const moved =
    due === null || before.due === null || Math.abs(due - before.due) > Math.max(SAME_MS, (before.due - t) * SAME_SHARE)
  return { said: phase, done, due: moved ? due : before.due }
}

/** What the backend says; else, once a twelfth is done, what the pace so far promises. */
function dueOf({ phase, done, total, unit, etaMs, since }: PhaseState, t: number): number | null {
  if (etaMs !== undefined) return t + etaMs
  if (done === undefined || total === undefined || total <= 0 || phase === 'queued') return null
  if (unit === 's') return t + (total - done) * 1000
  const share = done / total
  return share > 0.08 && share < 1 ? t + ((t - since) / share) * (1 - share) : null
}
