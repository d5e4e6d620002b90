import type { EventOf, RouteDecision } from '../wire/event.ts'
import { EMPTY, foldAll, type Draft } from '../wire/fold.ts'
import { START, type RunId } from '../wire/id.ts'
import type { Deps } from './deps.ts'
import { standingPlan } from './planning.ts'
import type { Claim, RunLog } from './ports.ts'

/** How far into a log what was looked up before the first step may stand. */
const EARLY = 50
const PAGE = 5000

/**
 * What a run begins with that goes on with the answer of `run`: its text, the plan that it stood with, what that rests on, and the agent that was chosen for it by
 * the same reasons, unless another one is asked for now, or it is no more.
 */
export async function beginningOf(
  run: RunId,
  { owner, session, wish }: Claim,
  { store, agents }: Pick<Deps, 'store' | 'agents'>,
): Promise<{
  events: readonly [EventOf<'run.continue'>, ...EventOf<'todo.set' | 'recall'>[]]
  route: RouteDecision | null
}> {
  const before = wish.plan === 'never' ? EMPTY : await draftOf(run, store)
  const plan = standingPlan(before)
  const { rows } = await store.messages(owner, session, { run, limit: 1 })
  const answer = rows[0]
  if (answer?.role !== 'assistant') throw new Error(`${run} has no answer to go on with`)
  const early = (await store.page(run, START, EARLY)).map(({ event }) => event)
  const [first] = early
  const route = first?.type === 'run.start' && agents.find(first.agent) ? first.route : null
  const same = wish.agent === null || wish.agent === route?.agent
  return {
    events: [
      { type: 'run.continue', run, text: answer.text, model: answer.model, ...(plan === null ? {} : { plan }) },
      ...(plan?.approved === true ? [{ type: 'todo.set' as const, items: [...before.todo] }] : []),
      ...early.filter((event) => event.type === 'recall').filter(({ call }) => call === undefined),
    ],
    route: same ? route : null,
  }
}

async function draftOf(run: RunId, store: Pick<RunLog, 'page'>): Promise<Draft> {
  let draft = EMPTY
  for (;;) {
    const entries = await store.page(run, draft.at, PAGE)
    draft = foldAll(draft, entries)
    if (entries.length < PAGE) return draft
  }
}
