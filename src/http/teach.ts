import { START, type AgentName, type OwnerId, type RunId } from '../wire/id.ts'
import type { HttpDeps } from './caller.ts'

/** So many lessons back it is looked what the router had chosen at first. */
const BACK = 500

/**
 * Keeps that a person wanted this agent for the message that the run answers. Only the router's own choice can be corrected: what somebody chose
 * themselves teaches nothing. Whoever comes back to what the router had chosen takes the lesson back.
 */
export async function teach(deps: HttpDeps, owner: OwnerId, id: RunId, agent: AgentName): Promise<void> {
  const { store, say } = deps
  if (deps.learns === false) return
  const { message } = await store.run(owner, id)
  const [first] = await store.page(id, START, 1)
  if (first?.event.type !== 'run.start') return
  const { route } = first.event
  const instead = route.forced
    ? (await store.mind.lessons(owner, { limit: BACK })).rows.find((lesson) => lesson.message === message)?.instead
    : route.agent
  if (instead === undefined) return
  await store.mind.teach(owner, { message, agent, instead })
  say({ level: 'info', text: `Routing is taught: ${agent} instead of ${instead}`, run: id })
}
