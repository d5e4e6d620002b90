import type { Claimable } from '../core/ports.ts'
import type { Show } from '../wire/session-routes.ts'
import type { ArchiveChanges, ArchiveReads } from './archive-rows.ts'
import type { AskChanges, AskReads } from './ask-rows.ts'
import type { AttachmentChanges, AttachmentReads, ListedRow } from './attachment-rows.ts'
import type { ChildChanges, ChildReads } from './child-rows.ts'
import type { KeptChanges, KeptReads } from './kept-rows.ts'
import type { MindChanges, MindReads } from './mind-rows.ts'
import type { SearchReads } from './search.ts'
import type { WithdrawChanges } from './withdraw.ts'

/** What is stored, as flat rows of text and numbers. Times are milliseconds since 1970, `fault` is JSON. */
export type SessionRow = {
  id: string
  owner: string
  title: string
  named: number
  created: number
  updated: number
  /** Grows with each use, per owner: an order that no clock can disturb. */
  used: number
  active: string | null
  tip: string | null
  pinned: number
  folder: string | null
  archived: number
  /** Null where that is removed. */
  project: string | null
  /** When it was removed, if it was. */
  removed: number | null
  /** Its newest number in the feed. */
  changed: number
}
export type MessageRow = {
  seq: number
  id: string
  owner: string
  session: string
  run: string
  role: string
  text: string
  created: number
  agent: string | null
  model: string | null
  reason: string | null
  fault: string | null
  after: string | null
  finish: string | null
  remote: string | null
  recalled: string | null
  did: string | null
}
/** A question: nobody has answered it. */
export const UNANSWERED = {
  agent: null,
  model: null,
  reason: null,
  fault: null,
  finish: null,
  remote: null,
  recalled: null,
  did: null,
} as const
/** A message where it stands on a path: `run` of a question is the version that is on it. Lists of ids, oldest first; none for answers. */
export type PathRow = MessageRow & { runs: string[]; siblings: string[]; attachments: ListedRow[] }
export type RunRow = {
  seq: number
  id: string
  owner: string
  session: string
  message: string
  state: string
  reason: string | null
  head: number
  epoch: number
  cancel: number
  agent: string | null
  backend: string
  model: string | null
  priority: string
  created: number
  /** The run that this one is another version of. */
  base: string | null
  continues: number
  key: string | null
  temperature: number | null
  plan: string
  /** JSON. */
  format: string | null
}
export type ChunkRow = { first: number; last: number; entries: string }

export type Batch = { run: string; epoch: number; after: number; last: number; entries: string }
export type Ending = Batch & {
  /** The id of the answer's message. */
  message: string
  text: string
  agent: string | null
  model: string | null
  reason: string
  fault: string | null
  finish: string | null
  remote: string | null
  recalled: string | null
  did: string | null
  now: number
}
export type Submission = {
  owner: string
  session: string
  id: string
  run: string
  /** Undefined: the tip. */
  after?: string | null | undefined
  text: string
  agent: string | null
  backend: string
  model: string | null
  priority: string
  temperature?: number | null | undefined
  plan?: string | undefined
  format?: string | null | undefined
  attachments?: readonly string[] | undefined
  /** For a session that has none. */
  title: string
  /** False: its run is cancelled from the outset. */
  answer?: boolean | undefined
  now: number
}
/** What is undefined is as `base` was asked. */
export type Version = {
  owner: string
  run: string
  base: string
  continues: number
  key: string | null
  agent?: string | null | undefined
  backend?: string | undefined
  model?: string | null | undefined
  temperature?: number | null | undefined
  plan?: string | undefined
  now: number
}
/** What is undefined stays. */
export type Changed = {
  title?: string | undefined
  pinned?: number | undefined
  folder?: string | null | undefined
  archived?: number | undefined
  project?: string | null | undefined
  tip?: string | undefined
}
/** `next` is when the first lease that others hold runs out, if any is held. */
export type Taken = { run: RunRow; message: PathRow } | { run: null; next: number | null }
export type Lease = 'held' | 'cancelled' | 'lost'

/**
 * Every change there is. Each is atomic and sees all that came before it; one that can't be made throws Refusal and changes nothing.
 * A type of functions, not an interface of promises, because the same table runs in memory and in the thread that owns the database.
 */
export type Changes = ArchiveChanges &
  AskChanges &
  AttachmentChanges &
  ChildChanges &
  KeptChanges &
  MindChanges &
  WithdrawChanges & {
    createSession(a: {
      id: string
      owner: string
      title: string
      named: number
      project: string | null
      now: number
    }): SessionRow
    changeSession(a: { owner: string; id: string; change: Changed }): SessionRow
    /** Answers how many of them are not removed. */
    renameFolder(a: { owner: string; from: string; to: string | null }): number
    /** Answers with the runs that are to stop. */
    removeSession(a: { owner: string; id: string; now: number }): string[]
    /** What was removed before `since` is missing. */
    restoreSession(a: { owner: string; id: string; since: number }): SessionRow
    /** Deletes what was removed before `since`. Answers with the runs that are gone, and when the oldest of the others was removed. */
    purge(a: { since: number }): { runs: string[]; oldest: number | null }
    submit(a: Submission): { message: PathRow; run: RunRow }
    again(a: Version): RunRow
    append(a: Batch): null
    /** Answers with the runs below it that are to stop. */
    settle(a: Ending): string[]
    claim(a: { worker: string; now: number; until: number; which: Claimable }): Taken
    renew(a: { until: number; claims: readonly { run: string; epoch: number }[] }): Lease[]
    release(a: { run: string; epoch: number }): null
    /** What it handed on is cancelled with it. */
    cancel(a: { owner: string; run: string }): { run: RunRow; below: string[] }
  }
export type ChangeName = keyof Changes
export type ArgsOf<K extends ChangeName> = Parameters<Changes[K]>[0]
export type ResultOf<K extends ChangeName> = ReturnType<Changes[K]>

/** Null or an empty list is what is missing or another's. Lists are ordered as the port says, with the cursor exclusive. */
export type Reads = ArchiveReads &
  AskReads &
  AttachmentReads &
  ChildReads &
  KeptReads &
  MindReads &
  SearchReads & {
    session(owner: string, id: string): SessionRow | null
    sessions(owner: string, which: Which, before: number, limit: number): SessionRow[]
    folders(owner: string, limit: number): FolderRow[]
    /** The message that has this place in its session. */
    message(owner: string, session: string, seq: number): MessageRow | null
    /** Up from the answer of `run`, or from its question, newest first. */
    path(run: string, from: 'answer' | 'question', limit: number): PathRow[]
    run(owner: string, id: string): RunRow | null
    /** Whether a run's log can still grow, or null if there is no such run. */
    log(run: string): { head: number; ended: boolean } | null
    /** The batches that reach past `after`, in order: at least one if there is any, then as many as fit in `chars`. */
    chunks(run: string, after: number, chars: number): ChunkRow[]
    counts(): { active: number; queued: number }
    /** The newest number of the feed. */
    newest(): number
    news(owner: string, after: number, limit: number): NewsRow[]
  }
export type FolderRow = { name: string; sessions: number }
/** '' are those in none. */
export type Which = { show: Show; folder: string | null; project: string | null }
export type NewsRow = { at: number; session: string; removed: boolean }

/** Where rows live. */
export interface Ledger {
  /** Resolves once the change is durable. Changes are made in the order in which they were asked for. */
  write<K extends ChangeName>(kind: K, args: ArgsOf<K>): Promise<ResultOf<K>>
  readonly reads: Reads
  /** Calls after somebody else has changed something, also if that was before the watch began; the result ends that. */
  watch(call: () => void): () => void
  close(): Promise<void>
}
