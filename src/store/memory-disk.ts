import type { AskRow } from './ask-rows.ts'
import type { AttachmentRow } from './attachment-rows.ts'
import type { ChunkRow, MessageRow, RunRow, SessionRow } from './changes.ts'
import type { OutputRow, VersionRow } from './kept-rows.ts'
import type { LessonRow, MemoryRow, ProjectRow, SnippetRow, VectorRow } from './mind-rows.ts'
import { Table } from './memory-table.ts'

/** `parent` is the run that it belongs to, if it is not one that a person began. */
export type StoredSession = Omit<SessionRow, 'active'> & { parent: string | null }
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
  readonly asks = new Map<string, AskRow>()
  readonly allowances = new Map<string, { tool: string; key: string }[]>()
  readonly outputs = new Map<string, OutputRow>()
  readonly versions = new Map<number, VersionRow>()
  readonly attachments = new Map<string, AttachmentRow>()
  readonly projects = new Map<string, Omit<ProjectRow, 'sessions'>>()
  readonly memories = new Map<string, MemoryRow>()
  /** By memory. */
  readonly vectors = new Map<string, VectorRow & { model: string }>()
  readonly snippets = new Map<string, SnippetRow>()
  readonly lessons = new Map<string, Omit<LessonRow, 'text' | 'session'>>()
  /** Which run was told which memory. */
  readonly told = new Set<string>()
  /** The folders that runs have begun to work in. */
  readonly folders = new Map<string, string>()
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

  /** What hangs on runs that are gone. */
  forget(runs: ReadonlySet<string>): void {
    for (const rows of [this.asks, this.outputs] as Map<string, { run: string }>[])
      for (const [id, { run }] of rows) if (runs.has(run)) rows.delete(id)
    for (const run of runs) this.folders.delete(run)
    for (const [seq, { run }] of this.versions) if (runs.has(run)) this.versions.delete(seq)
  }

  tell(except: () => void): void {
    for (const peer of this.peers) if (peer !== except) queueMicrotask(peer)
  }
}

export const placeOf = (session: string, after: string | null): string => `${session} ${after ?? ''}`

export const newDisk = () => new Disk()

export function sessionRow(disk: Disk, session: StoredSession): SessionRow {
  const active = [...disk.open].find((run) => run.session === session.id)
  const { parent: _, ...row } = session
  const project = row.project !== null && disk.projects.get(row.project)?.removed === null ? row.project : null
  return { ...row, project, active: active?.id ?? null }
}

export function runRow({ lease: _lease, worker: _worker, chunks: _chunks, ...row }: StoredRun): RunRow {
  return row
}
