import type { AttachmentRow } from './attachment-rows.ts'
import type { ChunkRow, MessageRow, RunRow, SessionRow } from './changes.ts'
import { Table } from './memory-table.ts'

export type StoredSession = Omit<SessionRow, 'active'>
export type StoredRun = RunRow & { lease: number; worker: string | null; chunks: (ChunkRow & { epoch: number })[] }

/** What SQLite keeps in tables. Maps keep the order in which rows came. */
export class Disk {
  readonly sessions = new Map<string, StoredSession>()
  readonly messages = new Table({
    session: (m: MessageRow) => m.session,
    answer: (m) => (m.role === 'assistant' ? m.run : null),
    /** Siblings. */
    after: (m) => (m.role === 'user' ? placeOf(m.session, m.after) : null),
  })
  readonly runs = new Table({ session: (run: StoredRun) => run.session, message: (run) => run.message })
  readonly answers = new Map<string, boolean>()
  readonly attachments = new Map<string, AttachmentRow>()
  /** What each message brought. */
  readonly attached = new Map<string, readonly string[]>()
  /** Runs that have not ended, oldest first. */
  readonly open = new Set<StoredRun>()
  /** How each ledger learns that another has changed something. */
  readonly peers = new Set<() => void>()
  /** The newest number of the feed. */
  news = 0
  #seq = 0

  next(): number {
    return ++this.#seq
  }

  tell(except: () => void): void {
    for (const peer of this.peers) if (peer !== except) queueMicrotask(peer)
  }
}

export const placeOf = (session: string, after: string | null): string => `${session} ${after ?? ''}`

export const newDisk = () => new Disk()

export function sessionRow(disk: Disk, session: StoredSession): SessionRow {
  const active = [...disk.open].find((run) => run.session === session.id)
  return { ...session, active: active?.id ?? null }
}

export function runRow({ lease: _lease, worker: _worker, chunks: _chunks, ...row }: StoredRun): RunRow {
  return row
}
