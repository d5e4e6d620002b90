import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { asFault } from './disk-fault.ts'

/**
 * Writes a small file that only its owner reads, whole or not at all: it is on the disk when this returns. Where the disk refuses, what was
 * there stays, nothing is left beside it, and the fault says which disk and why.
 */
export function writeWhole(path: string, text: string): void {
  const fresh = `${path}.new`
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    writeFileSync(fresh, text, { mode: 0o600, flush: true })
    renameSync(fresh, path)
  } catch (cause) {
    try {
      rmSync(fresh, { force: true })
    } catch {
      // What keeps it from being written keeps it from being removed.
    }
    throw asFault(path, cause)
  }
}
