import type { Admission } from '../core/admit.ts'
import type { Agents, Backends, Clock, Router, RunLog, Say, Shelf, Speeds, Store } from '../core/ports.ts'
import type { Asked, Reply, RouteName } from '../wire/api.ts'
import type { Entry } from '../wire/event.ts'
import { Fault, type FaultData } from '../wire/fault.ts'
import type { AgentName, Offset, OwnerId, RunId, SessionId } from '../wire/id.ts'
import type { Backend } from '../wire/message.ts'

export type HttpDeps = {
  store: RunLog & Store
  backends: Backends
  agents: Agents
  router: () => Promise<Router>
  admission: Admission
  speeds: Speeds
  shelf: Shelf
  clock: Clock
  say: Say
  version: string
  started: number
}
/** Who asks, and how they want to be answered. */
export type Caller = { owner: OwnerId; wantsStream: boolean; lastEventId: string | undefined; left: AbortSignal }
/** What is said to a reader whose stream ends before the run does, `t` milliseconds into it; nothing to those who come back by themselves. */
export type Lost = (fault: FaultData, t: number) => string
/** A reply that is a run's log, shown through a view. */
export class Stream {
  readonly run: RunId
  readonly after: Offset
  readonly frames: (entries: readonly Entry[]) => string
  readonly lost: Lost
  constructor(run: RunId, after: Offset, frames: (entries: readonly Entry[]) => string, lost: Lost = () => '') {
    this.run = run
    this.after = after
    this.frames = frames
    this.lost = lost
  }
}
export type Handlers = { [N in RouteName]: (asked: Asked<N>, caller: Caller) => Promise<Reply<N> | Stream> }

/** A name that no agent has is refused before anything starts. */
export function knownAgent(agents: Agents, name: AgentName | null | undefined): AgentName | null {
  if (name === null || name === undefined) return null
  if (!agents.find(name))
    throw new Fault('agent.missing', {
      agent: name,
      agents: agents
        .list()
        .map((a) => a.name)
        .join(', '),
    })
  return name
}

/** A wish for the cloud is refused, before anything starts, where the user has set up none. */
export function knownBackend(backends: Backends, wish: Backend): Backend {
  if (wish === 'cloud' && backends.list().every(({ local }) => local)) throw new Fault('cloud.off')
  return wish
}

export async function recentTurns(store: Store, owner: OwnerId, session: SessionId) {
  const { rows } = await store.messages(owner, session, { limit: 6 })
  return rows.map(({ role, text, agent }) => ({ role, text, agent }))
}
