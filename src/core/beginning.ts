import type { EventOf, RouteDecision } from '../wire/event.ts'
import { START, type RunId } from '../wire/id.ts'
import type { Deps } from './deps.ts'
import type { Claim } from './ports.ts'

/**
 * What a run begins with that goes on with the answer of `run`: its text, and the agent that was chosen for it by the same reasons, unless
 * another one is asked for now, or it is no more.
 */
export async function beginningOf(
  run: RunId,
  { owner, session, wish }: Claim,
  { store, agents }: Pick<Deps, 'store' | 'agents'>,
): Promise<{ event: EventOf<'run.continue'>; route: RouteDecision | null }> {
  const { rows } = await store.messages(owner, session, { run, limit: 1 })
  const answer = rows[0]
  if (answer?.role !== 'assistant') throw new Error(`${run} has no answer to go on with`)
  const first = (await store.page(run, START, 1))[0]?.event
  const route = first?.type === 'run.start' && agents.find(first.agent) ? first.route : null
  const same = wish.agent === null || wish.agent === route?.agent
  return {
    event: { type: 'run.continue', run, text: answer.text, model: answer.model },
    route: same ? route : null,
  }
}
