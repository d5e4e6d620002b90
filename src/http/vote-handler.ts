import { ballot, ballotFormat, inWords, readVote, tally, type Vote } from '../core/vote.ts'
import type { Asked, Reply } from '../wire/api.ts'
import { Fault } from '../wire/fault.ts'
import { EMPTY, foldAll, modelOf, textOf, type Draft } from '../wire/fold.ts'
import { newMessageId, START, type AgentName, type RunId } from '../wire/id.ts'
import { knownAgent, knownBackend, type Caller, type HttpDeps } from './caller.ts'

/** How many are asked where the caller names nobody: those that the question fits best. */
const USUAL = 3

type Asking = { agent: AgentName; model: string | null }

/**
 * Several agents, or models, answer the same question without knowing of each other: they are versions of one answer in a session of their own, so that they
 * run side by side as slots allow, each with its log, and can be looked at and compared like any other.
 */
export async function vote(
  deps: HttpDeps,
  { body }: Pick<Asked<'seedVote'>, 'body'>,
  caller: Caller,
): Promise<Reply<'seedVote'>> {
  const { store, agents, say } = deps
  const { question, options, context = null, voters = [] } = body
  const backend = knownBackend(deps.backends, body.backend ?? 'local')
  const router = await deps.router(caller.owner)
  const { scores, agent: best } = router.route({ text: question, recent: [], forced: null })
  const others = scores.toSorted((a, b) => b.score - a.score).flatMap(({ agent }) => (agent === best ? [] : [agent]))
  const asked: Asking[] =
    voters.length > 0
      ? voters.map(({ agent, model = null }) => ({ agent: knownAgent(agents, agent) ?? best, model }))
      : [best, ...others].slice(0, USUAL).map((agent) => ({ agent, model: null }))
  const first = asked[0]!
  const session = await store.createSession(caller.owner, `Vote: ${question}`.slice(0, 200))
  const { run } = await store.submit(caller.owner, {
    id: newMessageId(),
    session: session.id,
    text: ballot(question, options, context),
    agent: first.agent,
    backend,
    model: first.model,
    priority: 'interactive',
    format: ballotFormat(options),
  })
  const runs = [run.id]
  for (const { agent, model } of asked.slice(1))
    runs.push((await store.again(caller.owner, run.id, { continues: false, key: null, agent, model })).id)
  say({
    level: 'info',
    text: `Vote of ${runs.length}: ${asked.map(({ agent }) => agent).join(', ')}`,
    session: session.id,
  })

  const drafts = await Promise.all(runs.map((one) => ended(one, caller, deps)))
  const votes = drafts.map((draft, i): Vote => ({
    agent: draft.route?.agent ?? asked[i]!.agent,
    model: modelOf(draft),
    run: runs[i]!,
    ...(draft.end?.reason === 'done'
      ? readVote(textOf(draft), options)
      : { choice: null, reason: draft.end?.fault?.message ?? 'It was stopped.' }),
  }))
  const failed = drafts.find((draft) => draft.end?.fault)?.end?.fault
  if (failed && drafts.every((draft) => draft.end?.reason === 'failed')) throw new Fault(failed.code, failed.details)
  const counted = tally(votes, options)
  const words = inWords(votes, options, counted)
  return {
    choice: counted.choice === null ? '' : options[counted.choice]!,
    votes: votes.map(({ agent, model, run: id, choice, reason }) => ({
      agent,
      model,
      run: id,
      choice: choice === null ? null : options[choice]!,
      reasoning: reason,
    })),
    reasoning: Object.fromEntries(votes.map(({ agent, reason }) => [agent, reason])),
    consensus: counted.agreement,
    tie: counted.tied.map((i) => options[i]!),
    counts: Object.fromEntries(options.map((option, i) => [option, counted.counts[i]!])),
    dissent: votes
      .filter(({ choice }) => choice !== null && choice !== counted.choice)
      .map(({ agent, choice, reason }) => ({ agent, choice: options[choice!]!, reasoning: reason })),
    final_reasoning: words,
    session_id: session.id,
    status: 'success',
  }
}

async function ended(run: RunId, { left }: Caller, { store }: HttpDeps): Promise<Draft> {
  let draft: Draft = EMPTY
  for await (const entries of store.read(run, START, left)) draft = foldAll(draft, entries)
  if (!draft.end) throw new Fault('server.stopping')
  return draft
}
