import type { AgentName, MemoryId, MessageId, OwnerId, ProjectId, RunId, SessionId, SourceId } from '../wire/id.ts'
import type { Lesson, Memory, Project, Snippet, Source } from '../wire/mind.ts'
import type { Passage } from '../wire/recall.ts'
import type { PageOf } from './ports.ts'

/** What is undefined stays. */
type Changed<T> = { [K in keyof T]?: T[K] | undefined }

/** Faults: `project.missing`, `project.many`. Which folders can be a project's is not the store's to judge. */
export interface Projects {
  projects(owner: OwnerId): Promise<readonly Project[]>
  project(owner: OwnerId, id: ProjectId): Promise<Project>
  createProject(owner: OwnerId, project: Pick<Project, 'name' | 'folder' | 'instructions'>): Promise<Project>
  changeProject(
    owner: OwnerId,
    id: ProjectId,
    change: Changed<Pick<Project, 'name' | 'folder' | 'instructions'>>,
  ): Promise<Project>
  /** Missing from now on but to `restoreProject` for an hour; sessions name it no more meanwhile. */
  removeProject(owner: OwnerId, id: ProjectId): Promise<void>
  restoreProject(owner: OwnerId, id: ProjectId): Promise<Project>
  /** Where the tools of a run work. `began` is where it, or the run that handed it its task, has begun to; `session` is that of the run at the head. Fault: `run.missing`. */
  workplace(
    owner: OwnerId,
    run: RunId,
  ): Promise<{ began: string | null; session: SessionId; project: Pick<Project, 'id' | 'folder'> | null }>
  /** From now on that is where it began to. The first time counts. */
  beginIn(owner: OwnerId, run: RunId, folder: string): Promise<void>
  /** The project of a session, or of the one from which it was handed its task; null if it has none. */
  projectOf(owner: OwnerId, session: SessionId): Promise<Project | null>
}

/**
 * How a question was measured: `others` is how much nearer to it than to anything else, in standard deviations, texts are that nobody
 * remembers.
 */
export type Measured = { model: string; vector: Float32Array; others: readonly number[] }
/** A text as the model measured it, and how near it is to what anybody might ask: in the middle, and spread. */
export type MeasuredMemory = {
  memory: MemoryId
  text: string
  vector: Float32Array
  middle: number
  spread: number
}
export type Fitting = Memory & { found: ('words' | 'meaning')[] }
export type NewMemory = Pick<Memory, 'text' | 'project' | 'always' | 'by'>
/** Faults: `memory.missing`, `memory.many`, `project.missing`. */
export interface Memories {
  /** Newest first, or best first for `q`: a memory fits that holds one of its words that matter. `project` 'all' is whatever it reaches. */
  memories(
    owner: OwnerId,
    page: { limit: number; before?: string | undefined; project: ProjectId | null | 'all'; q?: string | undefined },
  ): Promise<PageOf<Memory>>
  /** The same text with the same reach once more gives the one that there is. */
  remember(owner: OwnerId, memory: NewMemory): Promise<Memory>
  changeMemory(
    owner: OwnerId,
    id: MemoryId,
    change: Changed<Pick<Memory, 'text' | 'project' | 'always'>>,
  ): Promise<Memory>
  forget(owner: OwnerId, id: MemoryId): Promise<void>
  restoreMemory(owner: OwnerId, id: MemoryId): Promise<Memory>
  /**
   * Those that are always told where the project reaches (null: no project), and those that fit the text, best first: by its words, and by its
   * meaning if it is `measured`, which is asked for only where there is a memory to be found.
   */
  memoriesFor(
    owner: OwnerId,
    project: ProjectId | null,
    text: string,
    most: number,
    measured?: () => Promise<Measured | null>,
  ): Promise<{ always: readonly Memory[]; fitting: readonly Fitting[] }>
  /** Of whomever: those that are not always told, and that this model has not measured. Oldest first. */
  unmeasured(model: string, most: number): Promise<readonly { memory: MemoryId; text: string }[]>
  /** Keeps how this model measured memories, in place of what another made of them; of those that are there and still say this. */
  keepMeasured(model: string, rows: readonly MeasuredMemory[]): Promise<void>
  /** Counts that a run was told these; the same run once only. */
  memoriesTold(owner: OwnerId, run: RunId, ids: readonly MemoryId[]): Promise<void>
}

export interface Snippets {
  snippets(owner: OwnerId): Promise<readonly Snippet[]>
  /** Fault: `snippet.many`. */
  writeSnippet(owner: OwnerId, name: string, text: string): Promise<Snippet>
  removeSnippet(owner: OwnerId, name: string): Promise<void>
}

/** What a person taught the router: by message, the newest wins. They go with their messages. */
export interface Lessons {
  lessons(owner: OwnerId, page: { limit: number; before?: string | undefined }): Promise<PageOf<Lesson>>
  /** Another value when `lessons` would give others; cheap enough to be asked for with every message. */
  lessonsStamp(owner: OwnerId): Promise<string>
  /** `agent` the same as `instead` takes a lesson back. */
  teach(owner: OwnerId, lesson: { message: MessageId; agent: AgentName; instead: AgentName }): Promise<void>
  unteach(owner: OwnerId, message: MessageId): Promise<void>
}
export type Mind = Projects & Memories & Snippets & Lessons

/**
 * Documents and their index, which can be made again from them at any time: it is no part of the store. Faults: `source.missing`,
 * `source.refused` (no such path, or one that is PKN's own), `source.many`, `project.missing`.
 */
export interface Documents {
  sources(owner: OwnerId, project: ProjectId | null | 'all'): Promise<readonly Source[]>
  /** Resolves once it is known; it is indexed from then on. */
  add(owner: OwnerId, path: string, project: ProjectId | null): Promise<Source>
  again(owner: OwnerId, id: SourceId): Promise<Source>
  remove(owner: OwnerId, id: SourceId): Promise<void>
  /** Of the sources that reach everywhere and those of the project: the best first, at most `most`, none that does not fit. Empty, at once, where there is no source. */
  find(
    owner: OwnerId,
    project: ProjectId | null,
    text: string,
    most: number,
    signal: AbortSignal,
  ): Promise<readonly Passage[]>
  /** Lines `from` to `from + lines - 1` of a document as it was indexed. Fault: `document.missing`. */
  read(
    owner: OwnerId,
    id: SourceId,
    place: { path: string; page?: number | undefined; from: number; lines: number },
  ): Promise<{ text: string; from: number; lines: number; total: number }>
  close(): Promise<void>
}

/** Measures texts by a model, so that what means the same lies close together. */
export interface Embedder {
  /** The model that there is now, null if there is none. It is looked for, and that is remembered for a while. */
  model(signal: AbortSignal): Promise<{ name: string; endpoint: string } | null>
  /** A vector of length 1 for each text, in order. Rejects with a Fault when the model fails. `for` as some models are told it: a question, or what may answer one. */
  embed(texts: readonly string[], what: 'question' | 'passage', signal: AbortSignal): Promise<readonly Float32Array[]>
}
