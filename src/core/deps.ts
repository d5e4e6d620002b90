import type { OwnerId } from '../wire/id.ts'
import type { Admission } from './admit.ts'
import type { Meaning } from './meaning.ts'
import type { Documents } from './mind-ports.ts'
import type { Agents, Backends, Blobs, Clock, Router, RunLog, Say, Store, Workspaces } from './ports.ts'
import type { PolicyRule } from './policy.ts'
import type { Mark } from './recall-text.ts'
import type { Outputs, Tools, Versions } from './tool-ports.ts'
import type { Speeds } from './measured.ts'
import type { Limits } from './watch.ts'

/** What the execution of runs is built from. */
export type Deps = {
  store: RunLog & Store
  blobs: Blobs
  backends: Backends
  agents: Agents
  /** Resolves at once but for the moment in which it learns. */
  router: (owner: OwnerId) => Promise<Router>
  tools: Tools
  policy: readonly PolicyRule[]
  outputs: Outputs
  versions: Versions
  workspaces: Workspaces
  documents: Documents
  /** Null, and memories are found by their words alone. */
  meaning: Pick<Meaning, 'question'> | null
  /** Marks text from outside as material. */
  material: Mark
  admission: Admission
  speeds: Speeds
  clock: Clock
  say: Say
  /** What a run may use up, and how long a question waits for a person; null: for as long as it takes. */
  limits: Limits & {
    steps: number
    tokens: number
    runMs: number
    askMs: number | null
    deepest: number
    children: number
  }
}
