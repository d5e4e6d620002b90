import { link, mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { beginOf } from './pid-file.ts'

const Holder = z.object({ pid: z.int(), began: z.string() })
const AGAIN_MS = 500
const MOST_TRIES = 5
/** Of a process of which the system does not tell when it began. */
const UNTOLD = '?'
/** What file systems say that know no links, such as those of memory sticks. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']
let count = 0

/** `clear` takes away the folder as well, unless another one waits for it. */
export type FolderLock = { release: () => Promise<void>; clear: () => Promise<void> }

/**
 * Holds a folder, so that no file in it is written by two at once, in this process or in another. Waits while another one that lives holds
 * it; a lock whose process is gone counts for nothing. Null if `signal` aborts first.
 */
export async function lockFolder(
  folder: string,
  signal: AbortSignal,
  waiting: (pid: number) => void,
  pause: (ms: number, signal: AbortSignal) => Promise<void>,
): Promise<FolderLock | null> {
  const path = join(folder, 'lock')
  const mine = `${path}.${process.pid}.${(count += 1)}`
  let empty = 0
  while (!signal.aborted) {
    await made(folder)
    if (await taken(path, mine)) return lockAt(folder, path)
    const said = await readFile(path, 'utf8').catch(() => null)
    if (said === null) continue
    const pid = holderIn(said)
    // Without links it may be there a moment before it says whose it is.
    if (said === '' && (empty += 1) < 3) await pause(AGAIN_MS, signal)
    else if (pid === null) await putAside(path, mine, said)
    else {
      waiting(pid)
      await pause(AGAIN_MS, signal)
    }
  }
  return null
}

/**
 * The one that held it may have taken the folder away when it was done: also while it is made, when Node finds that it is there already and then
 * finds nothing. The same is said of a disk that can only be read.
 */
async function made(folder: string): Promise<void> {
  for (let tries = 1; ; tries++)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return
    } catch (cause) {
      if (codeOf(cause) !== 'ENOENT' || tries === MOST_TRIES) throw cause
    }
}

function lockAt(folder: string, path: string): FolderLock {
  const release = () => rm(path, { force: true })
  return {
    release,
    clear: async () => {
      // The lock goes last: whoever waits must not find its own things swept away with the others.
      const names = (await readdir(folder)).filter((name) => !/^lock($|\.)/.test(name))
      for (const name of names) await rm(join(folder, name), { recursive: true, force: true })
      await release()
      await rmdir(folder).catch(() => undefined)
    },
  }
}

/** A link appears with all that it says, or not at all. */
async function taken(path: string, mine: string): Promise<boolean> {
  const words = JSON.stringify({ pid: process.pid, began: beginOf(process.pid) ?? UNTOLD })
  try {
    await writeFile(mine, words, { mode: 0o600 })
    await link(mine, path).catch(async (cause: unknown) => {
      if (!NO_LINKS.includes(codeOf(cause))) throw cause
      await writeFile(path, words, { mode: 0o600, flag: 'wx' })
    })
    return true
  } catch (cause) {
    if (codeOf(cause) !== 'EEXIST' && codeOf(cause) !== 'ENOENT') throw cause
    return false
  } finally {
    await rm(mine, { force: true })
  }
}

/** The process that holds it; null if that is gone. */
function holderIn(said: string): number | null {
  try {
    const { pid, began } = Holder.parse(JSON.parse(said))
    return (began === UNTOLD ? lives(pid) : beginOf(pid) === began) ? pid : null
  } catch {
    return null
  }
}

/** Another process may have done the same in the meantime and hold it by now: then it gets it back. */
async function putAside(path: string, mine: string, said: string): Promise<void> {
  const aside = `${mine}.gone`
  try {
    await rename(path, aside)
    if ((await readFile(aside, 'utf8')) !== said) await link(aside, path)
  } catch (cause) {
    if (!['EEXIST', 'ENOENT', ...NO_LINKS].includes(codeOf(cause))) throw cause
  } finally {
    await rm(aside, { force: true })
  }
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (cause) {
    return codeOf(cause) === 'EPERM'
  }
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : ''
