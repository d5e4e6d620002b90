import { PHASE_NAMES } from './trace-rows.ts'
import type { RunView } from './run-view.ts'
import { count, many } from './wording.ts'

/** What a screen reader is told of a run: its phases, never its words. */
export function spoken({ draft, stopping, line }: RunView): string {
  if (draft.end !== null) {
    const tokens = draft.usage.reduce((n, usage) => n + usage.output, 0)
    const size = tokens > 0 ? `, ${many(tokens, 'token')}` : ''
    switch (draft.end.reason) {
      case 'done':
        return `Answer ready${size}`
      case 'cancelled':
        return 'Stopped'
      case 'interrupted':
      case 'failed':
        return draft.end.fault?.message ?? 'The answer could not be finished'
    }
  }
  if (line.state === 'lost') return 'Reconnecting'
  if (stopping) return 'Stopping'
  if (draft.phase === null) return draft.route === null ? '' : `${draft.route.title} will answer`
  const { phase, done, total } = draft.phase
  if (phase === 'queued' && done !== undefined)
    return `Waiting, ${count(done)}${total === undefined ? '' : ` of ${count(total)}`} in line`
  return PHASE_NAMES[phase]
}
