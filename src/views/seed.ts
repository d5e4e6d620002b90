import type { Entry, RouteDecision } from '../wire/event.ts'
import { EMPTY, fold, textOf, toolsOf, type Draft } from '../wire/fold.ts'
import type { FaultData } from '../wire/fault.ts'
import { encodeFrame } from '../wire/frame.ts'
import type { SeedRouting } from '../wire/api.ts'
import type { RunId, SessionId } from '../wire/id.ts'

const TIMES = { simple: '2-10 seconds', medium: '10-30 seconds', complex: '30 seconds or more' } as const

/** The routing decision in the words of the first PKN. */
export function seedRouting(route: RouteDecision): SeedRouting {
  const words = route.because.slice(0, 4).map((b) => `"${b.feature}"`)
  const reasoning = route.forced
    ? `${route.title} was asked for.`
    : words.length > 0
      ? `${route.title} fits best, because of ${words.join(', ')}.`
      : `${route.title} answers what no specialist is needed for.`
  return {
    agent: route.agent,
    classification: {
      agent_type: route.agent,
      complexity: route.complexity,
      confidence: route.confidence,
      reasoning,
      requires_tools: route.requiresTools,
    },
    strategy: 'single_agent',
    estimated_time: TIMES[route.complexity],
  }
}

const seconds = (draft: Draft) => Math.round(draft.t) / 1000

/** What the old clients read at the end of an answer, streamed or not. */
export function seedDone(draft: Draft) {
  return {
    execution_time: seconds(draft),
    tools_used: toolsOf(draft),
    response: textOf(draft),
    agent_used: draft.route?.agent ?? 'general',
    agent_name: draft.route?.title ?? 'General',
  }
}

/** Why an answer failed, in a sentence and what to do. An answer that was stopped has no fault of its own. */
export function seedFailure(draft: Draft): string | null {
  const end = draft.end
  if (!end || end.reason === 'done') return null
  if (end.fault) return `${end.fault.message}${/[.!?]$/.test(end.fault.message) ? '' : '.'} ${end.fault.fix}`
  return end.reason === 'cancelled' ? 'The answer was stopped.' : 'The answer ended early. Send the message again.'
}

/** The end of a stream that ends before its run does: the first PKN's clients don't come back by themselves. */
export const seedLost = ({ message, fix }: FaultData, t: number): string =>
  encodeFrame({
    event: 'error',
    data: JSON.stringify({ type: 'error', content: `${message} ${fix}`, execution_time: t / 1000 }),
  })

/**
 * A log as the first PKN's stream: start, chunk, done or error. Those clients can't unsay a word: when a step is begun again, what it
 * repeats is held back, and only if it goes another way is it sent whole, after a line that says so.
 */
export function seedView(session: SessionId, run: RunId): (entries: readonly Entry[]) => string {
  let draft = EMPTY
  let shown = ''
  let again = false
  const chunk = (content: string) => encodeFrame({ event: 'chunk', data: JSON.stringify({ type: 'chunk', content }) })
  return (entries) => {
    let frames = ''
    let fresh = ''
    const flush = () => {
      if (fresh !== '') frames += chunk(fresh)
      fresh = ''
    }
    for (const entry of entries) {
      draft = fold(draft, entry)
      const { event } = entry
      if (event.type === 'run.start') {
        const data = {
          type: 'start',
          agent: event.agent,
          agent_name: event.route.title,
          session_id: session,
          task_id: run,
          routing: seedRouting(event.route),
        }
        frames += encodeFrame({ event: 'start', data: JSON.stringify(data) })
      } else if (event.type === 'step.start') {
        const stands = textOf(draft)
        again = shown.trimEnd() !== stands.trimEnd()
        if (!again) shown = stands
      } else if (event.type === 'run.continue') {
        fresh += event.text
        shown += event.text
      } else if (event.type === 'text.delta') {
        if (!again) {
          fresh += event.text
          shown += event.text
          continue
        }
        const now = textOf(draft)
        if (shown.startsWith(now)) continue
        again = false
        const news = now.startsWith(shown) ? now.slice(shown.length) : `\n\n[The answer was begun again]\n\n${now}`
        fresh += news
        shown = now
      } else if (event.type === 'run.end') {
        flush()
        const failure = seedFailure(draft)
        frames +=
          failure === null
            ? encodeFrame({ event: 'done', data: JSON.stringify({ type: 'done', ...seedDone(draft) }) })
            : encodeFrame({
                event: 'error',
                data: JSON.stringify({ type: 'error', content: failure, execution_time: seconds(draft) }),
              })
      }
    }
    flush()
    return frames
  }
}
