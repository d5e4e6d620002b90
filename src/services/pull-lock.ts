import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { beginOf } from './pid-file.ts'

const Holder = z.object({ pid: z.int(), began: z.string() })
const AGAIN_MS = 500

/**
 * Holds a folder, so that no file in it is written by two processes. Waits while another living process holds it; a lock whose process is
 * gone counts for nothing. Null if `signal` aborts first.
 */
export async function lockFolder(
  folder: string,
  signal: AbortSignal,
  waiting: (pid: number) => void,
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<{ release: () => Promise<void> } | null> {
  const path = join(folder, 'lock')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const own = JSON.stringify({ pid: process.pid, began: beginOf(process.pid) ?? '?' })
  while (!signal.aborted) {
    try {
      await using file = await open(path, 'wx', 0o600)
      await file.writeFile(own)
      return { release: () => rm(path, { force: true }) }
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause
    }
    const holder = await holderOf(path)
    if (holder === 'unread') await pause(AGAIN_MS, signal)
    if (holder === 'gone' || (holder === 'unread' && (await holderOf(path)) === 'unread')) {
      await rm(path, { force: true })
      continue
    }
    if (typeof holder === 'number') {
      waiting(holder)
      await pause(AGAIN_MS, signal)
    }
  }
  return null
}

/** `unread`: it is being written at this moment, or its writer was killed in the middle of it. */
async function holderOf(path: string): Promise<number | 'gone' | 'unread'> {
  try {
    const { pid, began } = Holder.parse(JSON.parse(await readFile(path, 'utf8')))
    return beginOf(pid) === began ? pid : 'gone'
  } catch {
    return 'unread'
  }
}
