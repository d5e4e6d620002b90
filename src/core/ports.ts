import type { AgentCard, AgentDetail, AgentProblem, AgentText } from '../wire/agent.ts'
import type { SessionArchive } from '../wire/archive.ts'
import type { Attachment, AttachmentId } from '../wire/attachment.ts'
import type { Did } from '../wire/did.ts'
import type { EndReason, Entry, Finish, RouteDecision } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { AgentName, MessageId, Offset, OwnerId, ProjectId, RunId, SessionId, WorkerId } from '../wire/id.ts'
import type { Backend, Format, Message, News, Planning, Priority, Run, Session } from '../wire/message.ts'
import type { RecalledBrief } from '../wire/recall.ts'
import type { Hit } from '../wire/search.ts'
import type { Asks, Crew, Kept, NewAsk } from './act-ports.ts'
import type { Mind } from './mind-ports.ts'
import type { Show } from '../wire/session-routes.ts'

/** A lease on a run. Its epoch only grows, and every append names it, so a worker that lost its claim can't write another word. */
export type Claim = {
  run: RunId
  session: SessionId
  owner: OwnerId
  /** The message that the run answers. */
  message: Message
  /** The run whose answer this one begins with, and goes on from. */
  continues: RunId | null
  /** What the user asked to be used. */
  wish: {
    agent: AgentName | null
    backend: Backend
    model: string | null
    priority: Priority
    temperature: number | null
    plan: Planning
    format: Format | null
  }
  epoch: number
  /** The last offset that is in the log; above 0 the run was begun by someone else. */
  head: Offset
  /** When the run was submitted, in milliseconds of wall time. */
  submitted: number
  /** Aborts when the run is to be cancelled, with 'cancelled' as reason, or when the claim is lost, with 'lost'. */
  stop: AbortSignal
}

/** The claim's epoch or the offset is no longer the run's. The writer must stop; nothing was written. */
export class LogConflict extends Error {
  constructor(run: RunId, what: string) {
    super(`${run}: ${what}`)
    this.name = 'LogConflict'
  }
}

/** The run was asked to stop before its end was written, so it must end as cancelled. Nothing was written. */
export class StopAsked extends Error {
  constructor(run: RunId) {
    super(`${run} was asked to stop`)
    this.name = 'StopAsked'
  }
}

export interface RunLog {
  /**
   * Adds entries after offset `after` and resolves, with the new head, once they are durable; readers see them no sooner. Rejects with
   * LogConflict if anything is already there or the epoch is no longer the run's. The same append again (a lost acknowledgement)
   * succeeds and writes nothing.
   */
  append(claim: Claim, after: Offset, entries: readonly Entry[]): Promise<Offset>
  /**
   * Everything after `after`, then what comes, ending after `run.end`. Aborting ends it quietly. Batches are never empty, gapless and in
   * order. If the log is removed before the reader has come to its end, that is told as `run.end`, cancelled. Readers at the same place may be
   * given the same array, which nobody may change.
   */
  read(run: RunId, after: Offset, signal: AbortSignal): AsyncIterable<readonly Entry[]>
  /** What is in the log now: at most `limit` entries after `after`. */
  page(run: RunId, after: Offset, limit: number): Promise<readonly Entry[]>
}

/** A message for the session named; null begins a new one. */
export type NewMessage = {
  id: MessageId
  session: SessionId | null
  /** The run whose answer it follows, null to begin anew; left out, the session's tip. */
  after?: RunId | null | undefined
  text: string
  attachments?: readonly AttachmentId[] | undefined
  agent: AgentName | null
  backend: Backend
  /** A model that comes before what the agent prefers. */
  model: string | null
  priority: Priority
  temperature?: number | null | undefined
  /** `never` if it is left out. */
  plan?: Planning | undefined
  /** A form that the answer is held to. */
  format?: Format | null | undefined
  /** False: its run is cancelled from the outset. */
  answer?: boolean | undefined
}
export type StoredAttachment = Attachment & { hash: string }
/** Another version of an answer. What is undefined is as that run was asked; null is no wish. */
export type Again = {
  /** Goes on with what that run has said. */
  continues: boolean
  /** The same one with the same wishes again gives the same run. */
  key: string | null
  agent?: AgentName | null | undefined
  backend?: Backend | undefined
  model?: string | null | undefined
  temperature?: number | null | undefined
  plan?: Planning | undefined
}
/** What is undefined stays. `tip` may be any run or any question of the session: the newest run below it is shown. */
export type SessionChange = {
  title?: string | undefined
  pinned?: boolean | undefined
  folder?: string | null | undefined
  archived?: boolean | undefined
  project?: ProjectId | null | undefined
  tip?: RunId | MessageId | undefined
}
export type Settled = {
  text: string
  agent: AgentName | null
  model: string | null
  reason: EndReason
  fault: FaultData | null
  finish: Finish | null
  remote: string | null
  recalled?: RecalledBrief
  did?: Did
}
/** Which runs a worker asks for: one that is full still writes the ends of those that were cancelled while they waited. */
export type Claimable = 'all' | 'cancelled'
export type PageOf<T> = { rows: T[]; next: string | null }
type Page = { limit: number; before?: string | undefined }

/**
 * Sessions, messages and runs. Every read and change names the owner; what belongs to another is as missing. Faults: `session.missing`,
 * `project.missing`, `run.missing`, `run.open`, `run.empty`, `message.missing`, `message.begun`, `message.conflict`, `key.conflict`, `attachment.missing`,
 * `disk.full`, `store.failed`.
 */
export interface Store {
  createSession(owner: OwnerId, title: string | null, project?: ProjectId | null): Promise<Session>
  session(owner: OwnerId, id: SessionId): Promise<Session>
  /** The one used last first. `folder` or `project` '' is those in none. */
  sessions(
    owner: OwnerId,
    page: Page & { show?: Show | undefined; folder?: string | undefined; project?: ProjectId | '' | undefined },
  ): Promise<PageOf<Session>>
  /** Of the sessions that are not archived, by name; the thousand used last. */
  folders(owner: OwnerId): Promise<{ name: string; sessions: number }[]>
  /** All that is in it at once, also what is archived or removed; null leaves them in none. Answers how many of them are not removed. */
  renameFolder(owner: OwnerId, from: string, to: string | null): Promise<number>
  changeSession(owner: OwnerId, id: SessionId, change: SessionChange): Promise<Session>
  /** Its runs are told to stop. From now on it is missing with all it holds, but to `restoreSession` for an hour, and for those who read its logs already. */
  removeSession(owner: OwnerId, id: SessionId): Promise<void>
  /** A session that was not removed stays as it is. */
  restoreSession(owner: OwnerId, id: SessionId): Promise<Session>
  /** Deletes what was removed more than an hour ago: messages, runs and logs are gone. Answers in how many milliseconds the next is due. */
  purge(): Promise<number | null>
  /**
   * The newest `limit` messages before the cursor on the path that leads to `run`, or else to the session's tip, oldest first: each message
   * of the user followed by the answer of the version that is on the path.
   */
  messages(owner: OwnerId, id: SessionId, page: Page & { run?: RunId | undefined }): Promise<PageOf<Message>>
  /** Message, queued run and, where none is named, their session in one transaction; an untitled session takes its title from its first message. The new run is the session's tip. The same id with the same body again returns the same run. */
  submit(owner: OwnerId, message: NewMessage): Promise<{ message: Message; run: Run }>
  /** Another run for the message that `run` answers. It is the session's tip then. */
  again(owner: OwnerId, run: RunId, again: Again): Promise<Run>
  /**
   * Takes back a message of which nothing was asked of a model yet, as if it had never been said: its runs and their logs are gone, what
   * follows it follows what it followed, and what it brought can be brought again for a day. Fault `message.begun` if a step began, or what
   * follows it has been claimed.
   */
  withdraw(owner: OwnerId, session: SessionId, message: MessageId): Promise<void>
  run(owner: OwnerId, id: RunId): Promise<Run>
  /**
   * The owner's sessions that changed after `after` (null: from now on), as they change, whoever changes them; each no more often than the
   * reader asks. `at` is where a reader that comes back goes on; it is told first without any news. Aborting ends it quietly.
   */
  feed(owner: OwnerId, after: number | null, signal: AbortSignal): AsyncIterable<{ at: number; news: readonly News[] }>
  /** Where all words of `q` stand, or words that begin with them: titles first, then messages; the best first, the newest among equals. */
  search(owner: OwnerId, page: Page & { q: string }): Promise<PageOf<Hit>>
  /** A whole session with every branch, without the logs of its runs; and what its messages brought. */
  archive(
    owner: OwnerId,
    id: SessionId,
  ): Promise<{ archive: SessionArchive; attached: ReadonlyMap<MessageId, readonly StoredAttachment[]> }>
  /** Writes a session, in which every answer has its log and every id is new, in one transaction. */
  importSession(
    owner: OwnerId,
    id: SessionId,
    archive: SessionArchive,
    attached: ReadonlyMap<MessageId, readonly AttachmentId[]>,
  ): Promise<Session>
  /** `hash` is what its bytes are kept under. */
  addAttachment(owner: OwnerId, file: Omit<StoredAttachment, 'id'>): Promise<Attachment>
  attachment(owner: OwnerId, id: AttachmentId): Promise<StoredAttachment>
  /** Forgets what was stored before that time and is brought by no message; a session that is purged takes its own along. Answers with how many. */
  sweepAttachments(before: number): Promise<number>
  isBlobUsed(hash: string): boolean
  counts(): Promise<{ active: number; queued: number }>
  /**
   * Runs for this worker to execute, orphans included, as they come; oldest first. One waits for the older runs of its session, but
   * not for other versions of its own answer; and a cancelled one for none, since only its end is left to be written. Leases are renewed by the store for as long as
   * the claim is neither settled nor lost. `which` is 'all' if it is not given.
   */
  claims(worker: WorkerId, signal: AbortSignal, which?: Claimable): AsyncIterable<Claim>
  /** The last append of a run (it ends with `run.end`), the answer as a message, and the run's end, in one
   * transaction under the same fence. Rejects with StopAsked if a cancel was accepted before and the run does not end as cancelled.
   */
  settle(claim: Claim, after: Offset, entries: readonly Entry[], settled: Settled): Promise<void>
  /** Gives a claim back unfinished, so that another worker, or the next start, takes it up at once. */
  release(claim: Claim): Promise<void>
  /**
   * Renews a claim no longer, so that it is free once its lease has run out: what failed now is not tried again at once. Needs no store
   * that can write, and never fails.
   */
  abandon(claim: Claim): void
  /** Asks for the run's end; a run that has ended stays as it is. Reaches Claim.stop wherever it runs; a run that nobody claims is claimed and ended. */
  cancel(owner: OwnerId, run: RunId): Promise<Run>
  /**
   * Appends like RunLog.append (with nothing, where the question stands in the log already), and gives the run out of hand: it is `waiting`
   * until the question is answered, and then claimed like any other; one transaction under the same fence. Rejects with StopAsked if a
   * cancel was accepted before.
   */
  park(claim: Claim, after: Offset, entries: readonly Entry[], ask: NewAsk | null): Promise<void>
  readonly acts: Asks & Crew & Kept
  readonly mind: Mind
  close(): Promise<void>
}

/** Bytes that are called by their own hash, so that they are kept once. Fault: `disk.full`. */
export interface Blobs {
  /** Resolves with the hash once they are durable. */
  put(bytes: Uint8Array): Promise<string>
  get(hash: string): Promise<Uint8Array | null>
  /** Deletes those that were last put before that time, in milliseconds, and that are not used. Answers with how many. */
  sweep(before: number, isUsed: (hash: string) => boolean): Promise<number>
}

export { callSchema, callWords } from './call-form.ts'
export type {
  Documents,
  Embedder,
  Lessons,
  Measured,
  Memories,
  Mind,
  NewMemory,
  Projects,
  Snippets,
} from './mind-ports.ts'
export type { Asks, Crew, Given, Kept, NewAsk, Task, Version } from './act-ports.ts'
export type { EngineModel, LocalEngine, Shelf } from './machine-ports.ts'
export type {
  Outputs,
  Reach,
  Recall,
  Subject,
  Tool,
  ToolResult,
  Tools,
  ToolUse,
  Undoing,
  Versions,
} from './tool-ports.ts'
export type {
  Backends,
  Choice,
  Chosen,
  Continues,
  Model,
  ModelEvent,
  Picture,
  Skipped,
  ToolSpec,
  Turn,
  TurnMessage,
  Wanted,
} from './model-ports.ts'

export type Agent = AgentCard & { instructions: string; sampleMessages: readonly string[] }
export interface Agents {
  list(): readonly Agent[]
  find(name: AgentName): Agent | null
}
/**
 * The agents as files, those of the user among them, which only these change. What is written, removed or brought back is in force when the
 * promise resolves, but for what the router learns. Faults: `agent.missing`, `agent.invalid`, `agent.changed`, `agent.builtin`,
 * `agent.blocked`, `agent.gone`, `disk.full`, `shelf.unwritable`.
 */
export interface AgentFiles {
  /** Where the user's own lie. */
  folder: string
  /** What in them can't be used. */
  problems(): readonly AgentProblem[]
  read(name: string): AgentDetail
  /** Keeps the comments and the order of a file that is there. With `version`, only if that is still its version; '' if there is none. */
  write(name: string, text: AgentText, version?: string | null): Promise<AgentDetail>
  remove(name: string): Promise<void>
  restore(name: string): Promise<AgentDetail>
}
export type RouteQuestion = {
  text: string
  recent: readonly { role: 'user' | 'assistant'; text: string; agent: AgentName | null }[]
  forced: AgentName | null
}
export interface Router {
  /** Pure and quick (well under a millisecond): never a model call. `@name` at the start of the text forces as `forced` does. */
  route(question: RouteQuestion): RouteDecision
}

/**
 * The folder in which the tools of a run work: that of its project, or of its own session; where it was handed its task, that of the run which
 * handed it on. Once a run has one it keeps it, whatever is changed about the session or the project. Faults: `project.folder`, `disk.full`.
 */
export interface Workspaces {
  /** An absolute path without links in it; looked at anew each time: if it is gone, or was replaced, that is a fault. */
  folderOf(owner: OwnerId, run: RunId): Promise<string>
  /** That folder as its path is without links, if a project may have it. Fault: `project.folder`, with why it may not. */
  projectFolder(path: string): Promise<string>
}

export interface Clock {
  /** Wall time, milliseconds since 1970. */
  wall(): number
  /** Milliseconds that never go back. */
  now(): number
  /** Calls once after `ms`; the result cancels. A pending call keeps no process alive. */
  after(ms: number, call: () => void): () => void
}

export type LogLine = {
  level: 'info' | 'warn' | 'error'
  text: string
  run?: RunId | undefined
  session?: SessionId | undefined
  cause?: unknown
}
export type Say = (line: LogLine) => void
