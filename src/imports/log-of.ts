import type { ArchivedAnswer } from '../wire/archive.ts'
import type { Entry, RunEvent } from '../wire/event.ts'
import { AgentName, offset, type SessionId } from '../wire/id.ts'

const GENERAL = AgentName.parse('general')
const LONGEST_RUN = 24 * 3600_000

/** The log of an answer of which only the words are known, so that whoever reads runs reads this one too. */
export function logOf(answer: ArchivedAnswer, session: SessionId): Entry[] {
  const agent = answer.agent ?? GENERAL
  const reason = answer.reason ?? 'interrupted'
  const title = agent.charAt(0).toUpperCase() + agent.slice(1)
  const route = {
    agent,
    title,
    confidence: 1,
    scores: [{ agent, score: 1 }],
    because: [],
    complexity: 'simple' as const,
    requiresTools: false,
    forced: true,
  }
  const fault = answer.fault === null ? {} : { fault: answer.fault }
  const begun = answer.text !== '' || (answer.thought ?? '') !== '' || answer.model !== null
  const events: RunEvent[] = [{ type: 'run.start', session, agent, route }]
  if (begun) events.push({ type: 'step.start', step: 1, model: answer.model ?? 'unknown', endpoint: 'imported' })
  if (answer.thought) events.push({ type: 'thought.delta', text: answer.thought })
  if (answer.text !== '') events.push({ type: 'text.delta', text: answer.text })
  if (begun) {
    if (reason === 'failed') events.push({ type: 'step.end', step: 1, finish: 'failed', ...fault })
    else if (reason === 'done') events.push({ type: 'step.end', step: 1, finish: 'stop' })
  }
  events.push({ type: 'run.end', reason, ...fault })
  const lasted = Date.parse(answer.answered ?? answer.created) - Date.parse(answer.created)
  const t = Math.min(Math.max(lasted, 0), LONGEST_RUN)
  return events.map((event, i) => ({ at: offset(i + 1), t: i === 0 ? 0 : t, event }))
}
