export type ProjectRow = {
  id: string
  owner: string
  name: string
  folder: string | null
  instructions: string
  created: number
  updated: number
  removed: number | null
  /** How many it has that are not removed. */
  sessions: number
}
export type MemoryRow = {
  seq: number
  id: string
  owner: string
  project: string | null
  text: string
  always: number
  /** JSON */
  by: string
  created: number
  updated: number
  used: number
  last_used: number | null
  removed: number | null
}
export type SnippetRow = { owner: string; name: string; text: string; updated: number }
/** Of a message that is longer than `most` characters, a lesson tells so many of its beginning and of its end: the router reads no more. */
export const TAUGHT = { most: 2500, head: 1500, tail: 700 } as const
export type LessonRow = {
  seq: number
  message: string
  owner: string
  agent: string
  instead: string
  created: number
  text: string
  session: string
}

/** A run's session, its project, and the folder that it has begun to work in. */
export type WorkplaceRow = { session: string; project: string | null; folder: string | null }

/** How a model measured a memory: its vector in bytes, and how near it is to what anybody might ask. */
export type VectorRow = { scale: number; middle: number; spread: number; v: Uint8Array }

/** What is undefined stays. */
export type ChangedProject = {
  name?: string | undefined
  folder?: string | null | undefined
  instructions?: string | undefined
}
export type ChangedMemory = {
  text?: string | undefined
  project?: string | null | undefined
  always?: number | undefined
}

/** `most` is how many there may be of the owner's; what was removed before `since` is missing. */
export type MindChanges = {
  createProject(a: {
    id: string
    owner: string
    name: string
    folder: string | null
    instructions: string
    now: number
    most: number
  }): ProjectRow
  changeProject(a: { owner: string; id: string; change: ChangedProject; now: number }): ProjectRow
  removeProject(a: { owner: string; id: string; now: number }): null
  restoreProject(a: { owner: string; id: string; since: number }): ProjectRow
  beginIn(a: { owner: string; run: string; folder: string }): null
  remember(a: {
    id: string
    owner: string
    project: string | null
    text: string
    always: number
    by: string
    now: number
    most: number
  }): MemoryRow
  changeMemory(a: { owner: string; id: string; change: ChangedMemory; now: number }): MemoryRow
  forget(a: { owner: string; id: string; now: number }): null
  restoreMemory(a: { owner: string; id: string; since: number }): MemoryRow
  memoriesTold(a: { owner: string; run: string; ids: readonly string[]; now: number }): null
  /** Of those that are there and still say this. */
  keepVectors(a: { model: string; rows: readonly (VectorRow & { memory: string; text: string })[] }): null
  writeSnippet(a: SnippetRow & { most: number }): SnippetRow
  removeSnippet(a: { owner: string; name: string }): null
  teach(a: { owner: string; message: string; agent: string; instead: string; now: number }): null
  unteach(a: { owner: string; message: string }): null
}

/** Memories of one project or of none: `only` those, or those that reach there (`reaching`), or all that there are. */
export type Scope = { how: 'only' | 'reaching' | 'all'; project: string | null }
export type MindReads = {
  projects(owner: string): ProjectRow[]
  project(owner: string, id: string): ProjectRow | null
  /** Of a run, then of that which handed it its task, and so on. */
  workplaces(owner: string, run: string): WorkplaceRow[]
  memories(owner: string, scope: Scope, before: number, limit: number): MemoryRow[]
  alwaysTold(owner: string, scope: Scope, limit: number): MemoryRow[]
  countMemories(owner: string, scope: Scope): number
  /** In which a word begins as one of these; if there are more than `limit`, those that seem to fit best. */
  memoriesWith(owner: string, scope: Scope, beginnings: readonly string[], limit: number): MemoryRow[]
  /** Of whomever: those that are not always told, and that this model has not measured. Oldest first. */
  unmeasured(model: string, limit: number): { id: string; text: string }[]
  /** As this model measured those that are not always told, by `seq`. */
  vectors(owner: string, scope: Scope, model: string, after: number, limit: number): (VectorRow & { seq: number })[]
  memoryAt(owner: string, scope: Scope, seq: number): MemoryRow | null
  snippets(owner: string): SnippetRow[]
  lessons(owner: string, before: number, limit: number): LessonRow[]
  lessonsStamp(owner: string): string
}
