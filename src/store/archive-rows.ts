import type { MessageRow, RunRow, SessionRow } from './changes.ts'
import type { AttachmentRow } from './attachment-rows.ts'

/** A whole session, in the order in which its rows came. */
export type WholeRows = {
  session: SessionRow
  messages: MessageRow[]
  runs: RunRow[]
  attached: (AttachmentRow & { message: string })[]
}
export type ArchiveReads = { whole(owner: string, session: string): WholeRows | null }

export type ImportedRun = {
  id: string
  message: string
  agent: string | null
  backend: string
  model: string | null
  priority: string
  temperature: number | null
  plan: string
  format: string | null
  reason: string
  head: number
  created: number
  chunks: readonly { first: number; last: number; entries: string }[]
}
export type ImportedMessage = {
  id: string
  run: string
  role: 'user' | 'assistant'
  text: string
  created: number
  agent: string | null
  model: string | null
  reason: string | null
  fault: string | null
  finish: string | null
  remote: string | null
  recalled: string | null
  did: string | null
  after: string | null
  attachments: readonly string[]
}
/** A session that is over, with ids that are new. */
export type ImportedSession = {
  id: string
  title: string
  named: number
  created: number
  updated: number
  tip: string | null
  pinned: number
  folder: string | null
  archived: number
}
/** Runs come before the messages that name them, and what is followed before what follows. */
export type ImportedPart = { runs: readonly ImportedRun[]; messages: readonly ImportedMessage[] }

export type ArchiveChanges = {
  /** It is as removed since `now` until it is whole; if it never is, it is gone an hour later. */
  importSession(a: { owner: string; session: ImportedSession; now: number }): null
  importPart(a: ImportedPart & { owner: string; session: string }): null
  /** It is whole, if it holds so many messages. */
  importEnd(a: { owner: string; session: string; messages: number }): SessionRow
}
