import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises'

/** `page` is 0 in a document that has none. Lines end in \n alone. */
export type Page = { page: number; text: string }
export type Stamp = { size: number; mtime: number }
/** `odd`: something that a person would expect to be found. */
export type Skip = { ok: false; why: string; odd: boolean }
export type Read = { ok: true; hash: string; stamp: Stamp; bytes: Uint8Array; kind: 'text' | 'pdf' } | Skip

export const MOST_TEXT = 5 * 1024 * 1024
const MOST_PDF = 50 * 1024 * 1024
const HEAD = 4096
/** Why a document is not named among those that can't be read. */
export const GONE = 'It is there no more.'

/**
 * The bytes of a document that can be read, or why it can't be. Of what is too large, or no text, only the beginning is read. `path` is without
 * links: where one of its folders has become one meanwhile, what it leads to was never meant.
 */
export async function readBytes(path: string): Promise<Read> {
  let file: FileHandle
  try {
    // A pipe that stands where a file was would hold up whoever opens it.
    file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
  } catch (cause) {
    return refused(cause)
  }
  try {
    const found = await file.stat()
    if (!found.isFile()) return { ok: false, why: 'It is no file.', odd: false }
    if ((await placeOf(file, path)) !== path) return { ok: false, why: GONE, odd: false }
    const stamp = { size: found.size, mtime: found.mtimeMs }
    const head = await readUpTo(file, Math.min(HEAD, found.size), 0)
    const kind = isPdf(head) ? 'pdf' : 'text'
    const most = kind === 'pdf' ? MOST_PDF : MOST_TEXT
    if (kind === 'text' && !mayBeText(head)) return { ok: false, why: 'It is no text.', odd: false }
    if (found.size > most) return { ok: false, why: `It is larger than ${most / 1024 / 1024} MB.`, odd: true }
    const bytes = await readUpTo(file, found.size, 0)
    return { ok: true, hash: createHash('sha256').update(bytes).digest('hex'), stamp, bytes, kind }
  } catch (cause) {
    return refused(cause)
  } finally {
    await file.close()
  }
}

/** Where it truly is that was opened; told by the system where it tells that, so that nothing can change in between. */
const placeOf = (file: FileHandle, path: string): Promise<string> =>
  process.platform === 'linux' ? readlink(`/proc/self/fd/${file.fd}`) : realpath(path)

function refused(cause: unknown): Skip {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code === '') throw cause
  if (code === 'ENOENT' || code === 'ELOOP') return { ok: false, why: GONE, odd: false }
  const why = code === 'EACCES' || code === 'EPERM' ? 'It may not be read.' : `The disk does not give it (${code}).`
  return { ok: false, why, odd: true }
}

/** What grows meanwhile is read no further. */
async function readUpTo(file: FileHandle, size: number, from: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size)
  let at = 0
  while (at < size) {
    const { bytesRead } = await file.read(bytes, at, size - at, from + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return bytes.subarray(0, at)
}

const isPdf = (head: Uint8Array): boolean => Buffer.from(head.subarray(0, 1024)).includes('%PDF-')
const wideOf = (bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null => {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null
}
const mayBeText = (head: Uint8Array): boolean => wideOf(head) !== null || !head.includes(0)

/** The text of bytes in UTF-8, or in UTF-16 that says so; lines end in \n alone. */
export function textOf(bytes: Uint8Array): string | Skip {
  const wide = wideOf(bytes)
  if (wide === null && bytes.includes(0)) return { ok: false, why: 'It is no text.', odd: false }
  let text: string
  try {
    text = new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(bytes)
  } catch {
    return { ok: false, why: 'It is neither UTF-8 nor UTF-16.', odd: true }
  }
  if (text.length > 100_000 && text.length / text.split(/\n|\r/, 200).length > 20_000)
    return { ok: false, why: 'Its lines are too long to be read by a person.', odd: false }
  return lines(text)
}

export const lines = (text: string): string => text.replaceAll(/\r\n?/g, '\n')
