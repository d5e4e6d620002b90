import { createHash, randomBytes } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Blobs } from '../core/ports.ts'
import { asFault, writing } from './disk-fault.ts'

const HASH = /^[0-9a-f]{64}$/

/** Files called by the SHA-256 of what they hold, so that the same bytes are there once and no name from outside becomes a path. */
export function openBlobs(folder: string): Blobs {
  const place = (hash: string) => join(folder, hash.slice(0, 2), hash)
  /** What is being put just now, and how often. */
  const putting = new Map<string, number>()
  return {
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex')
      putting.set(hash, (putting.get(hash) ?? 0) + 1)
      try {
        await write(place(hash), bytes)
        return hash
      } finally {
        const others = putting.get(hash)! - 1
        if (others > 0) putting.set(hash, others)
        else putting.delete(hash)
      }
    },
    async get(hash) {
      if (!HASH.test(hash)) return null
      try {
        return await readFile(place(hash))
      } catch (cause) {
        if (isCode(cause, 'ENOENT')) return null
        throw cause
      }
    },
    async sweep(before, isUsed) {
      let swept = 0
      for (const part of await listed(folder)) {
        for (const name of await listed(join(folder, part))) {
          const path = join(folder, part, name)
          const hash = name.slice(0, 64)
          if (!HASH.test(hash) || (name !== hash && !name.endsWith('.new'))) continue
          if (!isOlder(await stat(path).catch(() => undefined), before) || (name === hash && isUsed(hash))) continue
          // In one turn, so that nobody begins to put it between the last look and the end.
          if (putting.has(hash) || !isOlder(statSync(path, { throwIfNoEntry: false }), before)) continue
          rmSync(path, { force: true })
          swept++
        }
      }
      return swept
    },
  }

  async function write(path: string, bytes: Uint8Array): Promise<void> {
    const now = new Date()
    // Whoever sweeps must see that it is needed again.
    if (await writing(folder, () => did(utimes(path, now, now)))) return
    const half = `${path}.${randomBytes(6).toString('hex')}.new`
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const file = await open(half, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(half, path)
    } catch (cause) {
      await rm(half, { force: true }).catch(() => {})
      throw asFault(folder, cause)
    }
  }
}

/** Not if it is gone: a half that became whole has another name. */
const isOlder = (found: { mtimeMs: number } | undefined, before: number): boolean =>
  found !== undefined && found.mtimeMs < before

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    if (isCode(cause, 'ENOENT') || isCode(cause, 'ENOTDIR')) return []
    throw cause
  }
}

const did = (work: Promise<void>): Promise<boolean> =>
  work.then(
    () => true,
    (cause: unknown) => {
      if (isCode(cause, 'ENOENT')) return false
      throw cause
    },
  )
const isCode = (cause: unknown, code: string): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === code
