import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Say } from '../core/ports.ts'
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
  /** Returns once it is on the disk, whole; throws, and nothing has changed, where it can't be written. */
  write: (sources: readonly KeptSource[]) => void
}

/** A file that can't be read is put aside, with a warning, and never written over. */
export function openSourcesFile(path: string, say: Say): SourcesFile {
  let sources = read(path, say)
  return {
    all: () => sources,
    write: (next) => {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      const file = openSync(`${path}.new`, 'w', 0o600)
      try {
        writeSync(file, `${JSON.stringify({ version: 1, sources: next }, null, 2)}\n`)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      renameSync(`${path}.new`, path)
      sources = next
    },
  }
}

function read(path: string, say: Say): readonly KeptSource[] {
  if (!existsSync(path)) return []
  try {
    return Kept.parse(JSON.parse(readFileSync(path, 'utf8'))).sources
  } catch (cause) {
    const aside = `${path}.damaged-${Date.now()}`
    say({ level: 'error', text: `${path} can not be read; it is kept as ${aside}, and no documents are known`, cause })
    renameSync(path, aside)
    return []
  }
}
