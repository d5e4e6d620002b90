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
  after: string | null
  attachments: readonly string[]
}
/** A session that is over and whole, with ids that are new. Runs come before the messages that name them, and what is followed before what follows. */
export type ImportedRows = {
  owner: string
  session: {
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
  runs: readonly ImportedRun[]
  messages: readonly ImportedMessage[]
}
export type ArchiveChanges = { importSession(a: ImportedRows): SessionRow }
