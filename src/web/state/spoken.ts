import { say, sayCount } from '../words/say.ts'
import { agentTitle, faultText } from '../words/titles.ts'
import { phaseName } from './phase-names.ts'
import type { RunView } from './run-view.ts'
import { listed, took } from './wording.ts'

/** What a screen reader is told of a run: its phases, never its words. */
export function spoken(view: RunView): string {
  const { draft, stopping, line, story } = view
  if (draft.end !== null) {
    const tokens = draft.usage.reduce((n, usage) => n + usage.output, 0)
    switch (draft.end.reason) {
      case 'done':
        return `${tokens > 0 ? sayCount(tokens, 'Answer ready, 1 token', 'Answer ready, {n} tokens') : say('Answer ready')}${away(story.remotes)}`
      case 'cancelled':
        return draft.end.stopped === null
          ? say('Stopped')
          : say('Stopped after {time}', { time: took(draft.end.stopped.ms) })
      case 'interrupted':
      case 'failed':
        return draft.end.fault == null ? say('The answer could not be finished') : faultText(draft.end.fault)
    }
  }
  if (line.state === 'lost') return say('Reconnecting')
  if (stopping) return say('Stopping')
  if (draft.phase === null)
    return draft.route === null ? '' : say('{agent} will answer', { agent: agentTitle(draft.route.title) })
  const { phase, done, total } = draft.phase
  if (phase === 'queued' && done !== undefined)
    return total === undefined
      ? say('Waiting, {place} in line', { place: done })
      : say('Waiting, {place} of {total} in line', { place: done, total })
  const remote = draft.steps.at(-1)?.remote ?? null
  const where = remote === null ? '' : away([remote])
  const { pace } = view
  const quarter = pace.done === null || !total ? 0 : Math.min(3, Math.floor((pace.done / total) * 4)) * 25
  if ((phase === 'loading' || phase === 'reading') && quarter > 0)
    return `${phaseName(phase)}, ${view.draft.phase?.estimated === true ? say('about {share}', { share: `${quarter} %` }) : `${quarter} %`}${where}`
  return `${phaseName(phase)}${where}`
}

const away = (hosts: readonly string[]): string =>
  hosts.length === 0 ? '' : `, ${say('sent to {hosts}', { hosts: listed(hosts) })}`
