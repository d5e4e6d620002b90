import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import type { Clock, Say } from '../core/ports.ts'
import { Pace, Speed } from '../wire/model.ts'

/** What is learnt within so long is written once. */
const EVERY = 5000

const figure = z.number().positive().nullable()
const Kept = z.record(
  z.string(),
  Speed.extend({
    read: figure,
    write: figure,
    loadMs: z.number().min(0).nullable(),
    /** An older file has none. */
    paces: z.array(Pace).readonly().optional(),
  }),
)
type Kept = z.infer<typeof Kept>

export type SpeedsFile = {
  /** What the file held. */
  known: Kept
  /** There is something else to keep; it is asked for when it is written. */
  keep: (all: () => Kept) => void
  /** Resolves once everything is written. */
  close: () => Promise<void>
}

/** Speeds that survive a restart. It is only a memory: a file that is damaged, or can't be written, costs a warning and nothing else. */
export async function openSpeedsFile({
  path,
  clock,
  say,
}: {
  path: string
  clock: Clock
  say: Say
}): Promise<SpeedsFile> {
  let newest: (() => Kept) | null = null
  let cancelTimer: (() => void) | null = null
  let writing = Promise.resolve()
  let failed = false

  const write = () => {
    cancelTimer?.()
    cancelTimer = null
    // One after the other: two that write the same new file would mix.
    writing = writing.then(async () => {
      const all = newest
      newest = null
      if (all === null) return
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFile(`${path}.new`, `${JSON.stringify(all())}\n`, { mode: 0o600 })
        await rename(`${path}.new`, path)
        failed = false
      } catch (cause) {
        if (!failed) say({ level: 'warn', text: `${path}: what was measured cannot be kept`, cause })
        failed = true
      }
    })
  }

  return {
    known: await read(path, say),
    keep(all) {
      newest = all
      cancelTimer ??= clock.after(EVERY, write)
    },
    close() {
      write()
      return writing
    },
  }
}

async function read(path: string, say: Say): Promise<Kept> {
  let text
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT'))
      say({ level: 'warn', text: `${path} cannot be read; speeds are measured anew`, cause })
    return {}
  }
  try {
    return Kept.parse(JSON.parse(text))
  } catch (cause) {
    say({ level: 'warn', text: `${path} is damaged; speeds are measured anew`, cause })
    return {}
  }
}
