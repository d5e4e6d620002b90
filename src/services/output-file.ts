import { closeSync, fstatSync, mkdirSync, openSync, readSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const LARGEST = 5 * 1024 * 1024

/** Opens the file that a process writes to. At 5 MB it is put aside as `.1` and begins anew. */
export function openOutput(path: string): number {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  boundOutput(path)
  return openSync(path, 'a', 0o600)
}

/**
 * Puts the end of a large file aside as `.1`, also while a process writes to it. That process holds it open and appends, so it is cut to
 * nothing, and not renamed; what is written between the two is lost.
 */
export function boundOutput(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= LARGEST) return
  writeFileSync(`${path}.1`, endOf(path, LARGEST), { mode: 0o600 })
  truncateSync(path)
}

/** The last lines of a file after the byte `from`, of at most 8 kB; none if it can't be read. */
export function lastLines(path: string, count: number, from = 0): string[] {
  try {
    return endOf(path, 8192, from).toString('utf8').trimEnd().split('\n').slice(-count)
  } catch {
    return []
  }
}

function endOf(path: string, most: number, from = 0): Buffer {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    const buffer = Buffer.alloc(Math.min(Math.max(0, size - from), most))
    const read = readSync(file, buffer, 0, buffer.length, size - buffer.length)
    return buffer.subarray(0, read)
  } finally {
    closeSync(file)
  }
}
