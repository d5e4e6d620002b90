import type { RunRow, Submission } from './changes.ts'

export type Delegation = Pick<
  Submission,
  'owner' | 'session' | 'id' | 'run' | 'text' | 'agent' | 'backend' | 'model' | 'title' | 'now'
> & {
  parent: string
  /** The same one gives the same run. */
  key: string
  priority: string
  temperature: number | null
  plan: string
  format: string | null
  deepest: number
  most: number
}

export type ChildChanges = {
  /** A session of its own below the run `parent`, with its message and queued run. */
  delegate(a: Delegation): RunRow
}
export type ChildReads = {
  /** The session that a person sees: the one itself, or that at the head of those that it is below of. */
  rootOf(session: string): string
}
