import { Fault } from '../wire/fault.ts'
import { EMPTY, foldAll, textOf, type Draft } from '../wire/fold.ts'
import { START, type RunId } from '../wire/id.ts'
import type { Call } from './call-context.ts'
import type { Deps } from './deps.ts'
import type { Journal } from './journal.ts'
import type { Agent, Claim } from './ports.ts'
import type { Crew } from './tool-ports.ts'

/**
 * Hands a task to another agent, as a run of its own below this one, and follows it to its end. The same call, made again after a restart,
 * finds the run that it began.
 */
export function crewOf(
  {
    claim,
    journal,
    agent,
    call,
    signal,
  }: { claim: Claim; journal: Journal; agent: Agent; call: Call; signal: AbortSignal },
  { store, agents, limits }: Deps,
): Crew {
  const members = agent.mayDelegateTo.filter((name) => name !== agent.name && agents.find(name) !== null)
  return {
    members,
    async handTo(name, task) {
      if (!members.includes(name))
        return {
          ok: false,
          why: members.length === 0 ? 'Nobody is there to take it.' : `It can be handed to: ${members.join(', ')}.`,
        }
      let run: RunId
      try {
        const most = { deepest: limits.deepest, children: limits.children }
        run = (await store.acts.delegate(claim, { agent: name, text: task, call: call.call }, most)).id
      } catch (cause) {
        if (cause instanceof Fault && cause.code.startsWith('child.'))
          return { ok: false, why: `${cause.message} Do it yourself.` }
        throw cause
      }
      const known = journal.draft.parts.some((part) => part.kind === 'child' && part.run === run)
      if (!known) journal.write({ type: 'child.start', run, agent: name, call: call.call, task })
      const draft = await endOf(run)
      if (draft.end === null) return { ok: false, why: 'The server stopped.' }
      const { reason, fault } = draft.end
      journal.write({ type: 'child.end', run, reason })
      return { ok: true, run, reason, text: [textOf(draft), ...(fault ? [fault.message] : [])].join('\n').trim() }
    },
  }

  /** Its draft at its end, or where it stands when this server stops: it is gone on with by the next one, as this run is. */
  async function endOf(run: RunId): Promise<Draft> {
    const left = new AbortController()
    const onStop = () => {
      // A cancelled run takes those below it along; their ends are waited for.
      if (claim.stop.reason === 'cancelled') return
      if (signal.reason !== 'late') return left.abort()
      // A store that can't be written ends the waiting too.
      store.cancel(claim.owner, run).catch(() => left.abort())
    }
    if (signal.aborted) onStop()
    signal.addEventListener('abort', onStop)
    try {
      let draft = EMPTY
      for await (const entries of store.read(run, START, left.signal)) draft = foldAll(draft, entries)
      return draft
    } finally {
      signal.removeEventListener('abort', onStop)
    }
  }
}
