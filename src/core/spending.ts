import type { EventOf } from '../wire/event.ts'
import type { Draft } from '../wire/fold.ts'

/** What a run may use up: steps, tokens read and written, and milliseconds of work, without those in which it waited for a person. */
export type Allotment = { steps: number; tokens: number; ms: number }
export type Spent = Allotment
/** `last`: the step that begins now must be the answer. */
export type Left = { last: boolean; remarks: readonly EventOf<'guard'>[] }

/** From here on it is told that the end is near. */
const NEAR = 0.8

export function spent({ t, steps, usage, parts }: Draft): Spent {
  const asked = parts.reduce(
    (ms, part) => (part.kind === 'tool' && part.ask ? ms + (part.ask.to ?? t) - part.ask.from : ms),
    0,
  )
  const tokens = usage.reduce((sum, u) => sum + Math.max(0, u.input - u.cached) + u.output, 0)
  return { steps: steps.filter(({ finish }) => finish === 'tools').length, tokens, ms: Math.max(0, t - asked) }
}

/** What the step that is about to begin is told of what is left, each once; nothing of it depends on when it is asked. */
export function left(draft: Draft, allotted: Allotment): Left {
  const used = spent(draft)
  const last = used.steps >= allotted.steps - 1 || used.tokens >= allotted.tokens || used.ms >= allotted.ms
  const remarks: EventOf<'guard'>[] = []
  const remark = (guard: 'steps' | 'tokens' | 'time', near: boolean, remains: number, text: string) => {
    if (near && !draft.guards.some((g) => g.guard === guard))
      remarks.push({ type: 'guard', guard, left: remains, text })
  }
  const steps = Math.max(0, allotted.steps - used.steps)
  const tokens = Math.max(0, allotted.tokens - used.tokens)
  const ms = Math.max(0, allotted.ms - used.ms)
  remark(
    'steps',
    used.steps > 0 && used.steps >= allotted.steps * NEAR - 1,
    steps,
    `${steps} of ${allotted.steps} steps are left.`,
  )
  remark('tokens', used.tokens >= allotted.tokens * NEAR, tokens, `${tokens} of ${allotted.tokens} tokens are left.`)
  remark(
    'time',
    used.ms >= allotted.ms * NEAR,
    ms,
    `${Math.ceil(ms / 60_000)} of ${Math.ceil(allotted.ms / 60_000)} minutes are left.`,
  )
  return { last, remarks }
}
