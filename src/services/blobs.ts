import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Blobs } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'

const HASH = /^[0-9a-f]{64}$/

/** Files called by the SHA-256 of what they hold, so that the same bytes are there once and no name from outside becomes a path. */
export function openBlobs(folder: string): Blobs {
  const place = (hash: string) => join(folder, hash.slice(0, 2), hash)
  return {
    async put(bytes) {
      const hash = createHash('sha256').update(bytes).digest('hex')
      const path = place(hash)
      const now = new Date()
      // Whoever sweeps must see that it is needed again.
      if (await did(utimes(path, now, now))) return hash
      const half = `${path}.${randomBytes(6).toString('hex')}.new`
      try {
        await mkdir(join(folder, hash.slice(0, 2)), { recursive: true, mode: 0o700 })
        const file = await open(half, 'wx', 0o600)
        try {
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(half, path)
      } catch (cause) {
        await rm(half, { force: true })
        if (isCode(cause, 'ENOSPC')) throw new Fault('disk.full', { path: folder }, { cause })
        throw cause
      }
      return hash
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
          if ((await stat(path)).mtimeMs >= before || (name === hash && isUsed(hash))) continue
          await rm(path, { force: true })
          swept++
        }
      }
      return swept
    },
  }
}

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
