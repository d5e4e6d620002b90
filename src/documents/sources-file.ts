import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Say } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { OwnerId, SourceId } from '../wire/id.ts'
import { scope } from '../wire/recall.ts'

const KeptSource = z.object({
  id: SourceId,
  owner: OwnerId,
  project: scope,
  path: z.string(),
  /** Since when its project is not there, in milliseconds of wall time: within an hour it may be restored. */
  orphan: z.number().optional(),
})
export type KeptSource = z.infer<typeof KeptSource>
const Kept = z.object({ version: z.literal(1), sources: z.array(KeptSource) })

/** What is to be indexed: the one thing about documents that could not be made again. */
export type SourcesFile = {
  all: () => readonly KeptSource[]
  /** Returns once it is on the disk, whole. Where it can't be written nothing has changed: fault `disk.full` or `shelf.unwritable`. */
  write: (sources: readonly KeptSource[]) => void
}

/** A file that can't be read is put aside, with a warning, and never written over. */
export function openSourcesFile(path: string, say: Say): SourcesFile {
  let sources = read(path, say)
  return {
    all: () => sources,
    write: (next) => {
      try {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
        // One write may take a part only, as on a disk that fills up: this one goes on until it is all there, or fails.
        writeFileSync(`${path}.new`, `${JSON.stringify({ version: 1, sources: next }, null, 2)}\n`, {
          mode: 0o600,
          flush: true,
        })
        renameSync(`${path}.new`, path)
      } catch (cause) {
        throw refused(path, cause)
      }
      sources = next
    },
  }
}

function refused(path: string, cause: unknown): unknown {
  try {
    rmSync(`${path}.new`, { force: true })
  } catch {
    // What keeps it from being written keeps it from being removed.
  }
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === '') return cause
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? new Fault('disk.full', { path }, { cause })
    : new Fault('shelf.unwritable', { path, why: code }, { cause })
}

function read(path: string, say: Say): readonly KeptSource[] {
  if (!existsSync(path)) return []
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8'))).sources
  } catch (cause) {
    const aside = `${path}.damaged-${Date.now()}`
    say({ level: 'error', text: `${path} cannot be read; it is kept as ${aside}, and no documents are known`, cause })
    renameSync(path, aside)
    return []
  }
}
