import type { OwnerId, SourceId } from '../wire/id.ts'
import type { WalkBounds } from './walk-source.ts'

/** What a source holds, as Source tells it. */
export type Summary = {
  source: SourceId
  files: number
  passages: number
  skipped: { path: string; why: string }[]
  meaning: { model: string; done: number } | null
  /** When it was last looked through, in milliseconds of wall time. */
  indexed: number | null
}
/** A file that is not to be read while it stays as it is. */
export type Avoid = { path: string; size: number; mtime: number; why: string }

export type Job =
  | { type: 'keep'; sources: readonly SourceId[] }
  | { type: 'look'; source: SourceId; owner: OwnerId; path: string; avoid: readonly Avoid[]; bounds: WalkBounds }
  | { type: 'measure'; model: string }

/** What the process that indexes is told. One job at a time. */
export type ToIndex =
  | { type: 'begin'; index: string; home: string }
  | { type: 'job'; job: Job }
  /** The answer to `texts`; null if they could not be measured. */
  | { type: 'vectors'; vectors: readonly Float32Array[] | null }

/** What it tells. Each message is a sign of life. */
export type FromIndex =
  | { type: 'alive' }
  /** This file is about to be read: if nothing comes after it, the file is to blame. */
  | { type: 'reading'; path: string; size: number; mtime: number }
  | { type: 'progress'; done: number; total: number }
  | { type: 'texts'; texts: readonly string[]; what: 'question' | 'passage' }
  | { type: 'summary'; summary: Summary }
  | {
      type: 'done'
      outcome: 'looked' | 'missing' | 'elsewhere' | 'kept' | 'measured' | 'unmeasured'
      folders: readonly string[]
      /** Files that were new, had changed or were gone. */
      changed: number
    }

/** It ends with this when the index is damaged. */
export const DAMAGED = 86
