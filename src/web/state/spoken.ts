import { PHASE_NAMES } from './phase-names.ts'
import type { RunView } from './run-view.ts'
import { count, many, took } from './wording.ts'

/** What a screen reader is told of a run: its phases, never its words. */
export function spoken(view: RunView): string {
  const { draft, stopping, line, story } = view
  if (draft.end !== null) {
    const tokens = draft.usage.reduce((n, usage) => n + usage.output, 0)
    const size = tokens > 0 ? `, ${many(tokens, 'token')}` : ''
    switch (draft.end.reason) {
      case 'done':
        return `Answer ready${size}${away(story.remotes)}`
      case 'cancelled':
        return draft.end.stopped === null ? 'Stopped' : `Stopped after ${took(draft.end.stopped.ms)}`
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
  const remote = draft.steps.at(-1)?.remote ?? null
  const where = remote === null ? '' : away([remote])
  const { pace } = view
  const quarter = pace.done === null || !total ? 0 : Math.min(3, Math.floor((pace.done / total) * 4)) * 25
  if ((phase === 'loading' || phase === 'reading') && quarter > 0)
    return `${PHASE_NAMES[phase]}, ${view.draft.phase?.estimated === true ? 'about ' : ''}${quarter} %${where}`
  return `${PHASE_NAMES[phase]}${where}`
}

const away = (hosts: readonly string[]): string => (hosts.length === 0 ? '' : `, sent to ${hosts.join(' and ')}`)
