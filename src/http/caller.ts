import type { Admission } from '../core/admit.ts'
import type { Documents } from '../core/mind-ports.ts'
import type {
  AgentFiles,
  Agents,
  Backends,
  Blobs,
  Clock,
  Router,
  RunLog,
  Say,
  Shelf,
  Store,
  Workspaces,
} from '../core/ports.ts'
import type { Speeds } from '../core/measured.ts'
import type { PolicyRule } from '../core/policy.ts'
import type { Outputs, Tools, Undoing } from '../core/tool-ports.ts'
import type { Asked, Reply, RouteName } from '../wire/api.ts'
import { Fault, type FaultData } from '../wire/fault.ts'
import { offset, type AgentName, type Offset, type OwnerId, type SessionId } from '../wire/id.ts'
import type { Backend } from '../wire/message.ts'
import type { ServiceToStart } from '../wire/shelf-routes.ts'
import type { Download } from './download.ts'

export type HttpDeps = {
  store: RunLog & Store
  blobs: Blobs
  backends: Backends
  agents: Agents
  agentFiles: AgentFiles
  router: (owner: OwnerId) => Promise<Router>
  /** False: corrections are not kept. */
  learns?: boolean
  admission: Admission
  speeds: Speeds
  shelf: Shelf
  /** After so long without use PKN's own engine gives a model up; 0 is never. */
  idleMinutes?: number
  tools: Tools
  policy: readonly PolicyRule[]
  outputs: Outputs
  undoing: Undoing
  workspaces: Workspaces
  documents: Documents
  services: Services
  clock: Clock
  say: Say
  version: string
  started: number
}
/** Servers of models that can be started on this machine. Fault: `service.failed`. */
export type Services = { start: (service: ServiceToStart) => Promise<string> }
/** Who asks, and how they want to be answered. */
export type Caller = { owner: OwnerId; wantsStream: boolean; lastEventId: string | undefined; left: AbortSignal }
/** What a stream is made of: text as it comes, and what is said to a reader whose stream ends too early. */
export type Live = {
  text: (signal: AbortSignal) => AsyncIterable<string>
  lost?: (fault: FaultData) => string
  /** What is said in silence; null if nothing is known but that there is life. */
  quiet?: () => string | null
  headers?: Record<string, string>
}
/** A reply that goes on. */
export class Stream {
  readonly live: Live
  constructor(live: Live) {
    this.live = live
  }
}
export type Handlers = { [N in RouteName]: (asked: Asked<N>, caller: Caller) => Promise<Reply<N> | Stream | Download> }

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

/** Where a reader that comes back was. */
export function parseLast(value: string): Offset {
  if (!/^\d{1,12}$/.test(value))
    throw new Fault('request.invalid', {
      what: `Last-Event-ID is "${value.slice(0, 50)}", but must be the number of an event`,
    })
  return offset(Number(value))
}

export async function recentTurns(store: Store, owner: OwnerId, session: SessionId) {
  const { rows } = await store.messages(owner, session, { limit: 6 })
  return rows.map(({ role, text, agent }) => ({ role, text, agent }))
}
