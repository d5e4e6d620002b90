import type { Admission } from './admit.ts'
import type { Agents, Backends, Blobs, Clock, Router, RunLog, Say, Store, Tool } from './ports.ts'
import type { Speeds } from './measured.ts'
import type { Limits } from './watch.ts'

/** What the execution of runs is built from. */
export type Deps = {
  store: RunLog & Store
  blobs: Blobs
  backends: Backends
  agents: Agents
  /** Resolves at once but for the moment in which it learns. */
  router: () => Promise<Router>
  tools: ReadonlyMap<string, Tool>
  admission: Admission
  speeds: Speeds
  clock: Clock
  say: Say
  limits: Limits & { steps: number }
}
