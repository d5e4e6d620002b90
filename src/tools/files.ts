import { constants } from 'node:fs'
import { lstat, open, rename, unlink } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Subject, ToolUse } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { codeOf, hold, openFile, PathRefused, type HeldFolder } from './confined.ts'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
/** Larger files are not read into memory. */
export const MOST_BYTES = 10 * 1024 * 1024

export type Held = { held: HeldFolder; name: string; path: string }
/** A file as it was when it was read; null where there was none. */
export type Content = { bytes: Buffer; mode: number; stamp: string } | null

/** Does something with a path in its folder, which is held meanwhile. Throws PathRefused where the path can't be used. */
export async function within<T>(
  use: Pick<ToolUse, 'folder'> & { subject?: Subject },
  path: string,
  work: (held: Held) => Promise<T>,
  options: { make?: boolean } = {},
): Promise<T> {
  const { held, name } = await hold(use.folder, path, options)
  try {
    const there = [held.path, name].filter((part) => part !== '').join('/')
    // Links may lead elsewhere by now than when the call was judged.
    if (use.subject?.kind === 'files' && !use.subject.paths.includes(there))
      throw new PathRefused(`${JSON.stringify(path)} leads elsewhere than when it was looked at. Try it again.`)
    return await work({ held, name, path: there })
  } finally {
    await held.close()
  }
}

/** The whole of a plain file, or null if there is nothing of that name. */
export async function contentOf({ held, name, path }: Held): Promise<Content> {
  if (name !== '') {
    const there = await lstat(join(held.at, name)).catch((cause: unknown) => {
      if (codeOf(cause) === 'ENOENT') return null
      throw cause
    })
    if (there === null) return null
  }
  const file = await openFile({ held, name }, path)
  try {
    const stat = await file.stat()
    if (stat.size > MOST_BYTES) throw new PathRefused(tooLarge(path))
    const bytes = await file.readFile()
    return { bytes, mode: stat.mode & 0o777, stamp: stampOf(stat) }
  } finally {
    await file.close()
  }
}

export const tooLarge = (path: string): string =>
  `${JSON.stringify(path)} is larger than ${MOST_BYTES / 1024 / 1024} MB, or would be: nothing was done.`

/** Why that file may not be written, although its folder may: who took away its rights to be written meant that. Null if it may. */
export const closed = (path: string, content: Content): string | null =>
  content !== null && (content.mode & 0o222) === 0
    ? `${JSON.stringify(path)} may only be read: its permissions say so. Nothing was done.`
    : null

const stampOf = (stat: { ino: number; size: number; mtimeMs: number }) => `${stat.ino} ${stat.size} ${stat.mtimeMs}`

/**
 * Puts a content into the place of the one that was read, whole or not at all; null removes it. Other names of the same file keep what they
 * had. Throws PathRefused if it is another by now.
 */
export async function replace({ held, name, path }: Held, before: Content, after: Uint8Array | null): Promise<void> {
  if (name === '') throw new PathRefused('That is a folder.')
  const target = join(held.at, name)
  const unchanged = async () => {
    const now = await lstat(target).catch(() => null)
    const same = before === null ? now === null : now !== null && now.isFile() && stampOf(now) === before.stamp
    if (!same) throw new PathRefused(`${JSON.stringify(path)} was changed meanwhile. Read it again first.`)
  }
  const why = closed(path, before)
  if (why !== null) throw new PathRefused(why)
  if (after === null) {
    await unchanged()
    return unlink(target)
  }
  const fresh = join(held.at, `.${name.slice(0, 100)}.${randomBytes(6).toString('hex')}.pkn`)
  const file = await open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, before?.mode ?? 0o644)
  try {
    await file.writeFile(after)
    if (before !== null) await file.chmod(before.mode)
    await file.sync()
    await file.close()
    await unchanged()
    await rename(fresh, target)
  } catch (cause) {
    await file.close().catch(() => {})
    await unlink(fresh).catch(() => {})
    throw cause
  }
}

/** Text, or null where the bytes are none: a NUL, or what is no UTF-8. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.subarray(0, 8192).includes(0)) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
}

/** What the disk or the path refuses, as a result that the model is told; what is a bug stays one. */
export async function telling<T>(work: () => Promise<T>): Promise<T | { ok: false; output: string }> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof PathRefused || cause instanceof Fault) return { ok: false, output: cause.message }
    const code = codeOf(cause)
    if (/^(?:ENOSPC|EDQUOT)$/.test(code)) return { ok: false, output: 'The disk is full, so nothing was written.' }
    if (/^(?:EACCES|EPERM|EROFS)$/.test(code))
      return { ok: false, output: 'That may not be done here (permission denied).' }
    if (
      /^(?:EISDIR|ENOTDIR|ENOENT|ENAMETOOLONG|ETXTBSY|EBUSY|EMFILE|ENFILE|EIO|ESTALE|ENODEV|ENOTEMPTY|EFBIG|EILSEQ|EINVAL)$/.test(
        code,
      )
    )
      return { ok: false, output: `That could not be done (${code}).` }
    throw cause
  }
}
