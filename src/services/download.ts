import { mkdir, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { diskRefusal } from './disk-fault.ts'
import { ask, whyOf, type Answer, type Linked } from './download-ask.ts'
import { Part } from './download-part.ts'
import { amount } from './in-words.ts'

export type Progress = { done: number; total: number | null; verifying: boolean }
export type Wanted = {
  url: string
  to: string
  /** What the file must be; without them, what the server says of it. */
  size?: number | undefined
  sha256?: string | undefined
  /** Goes to the host of `url` and to nobody else. */
  token?: string | undefined
  /** What every file of its kind begins with. */
  begins?: string | undefined
  /** What is wrong with a whole file of which no hash is known; null if nothing is. */
  check?: ((path: string) => Promise<string | null>) | undefined
  tell: (progress: Progress) => void
  /** Why another attempt is made. */
  note?: ((text: string) => void) | undefined
  signal: AbortSignal
  /** So often in a row nothing may come before it is given up. */
  attempts?: number | undefined
  /** Waits before another attempt. */
  pause?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
  /** Bytes that are free on the disk of a folder. */
  free?: ((folder: string) => Promise<number>) | undefined
}
/** `full`: the disk is. What has arrived is kept, unless it was wrong. */
export type Got = { ok: true; bytes: number } | { ok: false; why: string; full?: boolean }

const SILENT_MS = 30_000
const ATTEMPTS = 6
/** Where nobody answers, and nothing has ever come from there. */
const ATTEMPTS_AT_NOBODY = 3
const NOBODY = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']
const SPARE = 256 * 1024 * 1024
/** After so many bytes the disk is looked at again: others fill it too, and not every answer has an end. */
const LOOK = 64 * 1024 * 1024

type End =
  | { end: 'whole'; sha256: string | undefined }
  /** Worth another attempt. */
  | { end: 'cut'; why: string; nobody?: boolean }
  | { end: 'refused'; why: string; full?: boolean }

/**
 * Gets a file. What has arrived is kept beside it as `.part` and gone on from, in this attempt, the next one and the next call; under its
 * own name it stands only when it is complete and is what it should be.
 */
export async function download(wanted: Wanted): Promise<Got> {
  const { to, signal, pause = waitFor } = wanted
  let attempts = wanted.attempts ?? ATTEMPTS
  await mkdir(dirname(to), { recursive: true, mode: 0o700 })
  const part = await Part.open(`${to}.part`)
  let why = ''
  let most = part.bytes
  // What another process left may be wrong although its beginning looked right; then all of it is got again, once.
  let doubtful = part.bytes > 0
  try {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if (attempt > 0) await pause(500 * 2 ** attempt, signal)
      if (signal.aborted) return { ok: false, why: 'it was stopped' }
      const end = await fetchRest(wanted, part).catch(failed)
      if (end.end === 'whole') {
        const got = await accept(wanted, part, end.sha256)
        if (got.ok || !doubtful) return got
        doubtful = false
        most = 0
        attempt = -1
        continue
      }
      if (signal.aborted) return { ok: false, why: 'it was stopped' }
      if (end.end === 'refused') return { ok: false, why: end.why, ...(end.full ? { full: true } : {}) }
      why = end.nobody ? `${new URL(wanted.url).host} cannot be reached: ${end.why}` : end.why
      if (end.nobody && most === 0) attempts = Math.min(attempts, ATTEMPTS_AT_NOBODY)
      // An attempt that brought something doesn't count.
      if (part.bytes > most) attempt = 0
      most = Math.max(most, part.bytes)
      if (attempt + 1 < attempts) wanted.note?.(`${why}; trying again`)
    }
    return { ok: false, why: `${why} (${attempts} attempts)` }
  } catch (cause) {
    if (signal.aborted) return { ok: false, why: 'it was stopped' }
    const end = failed(cause)
    return { ok: false, why: end.why, ...(end.end === 'refused' && end.full ? { full: true } : {}) }
  } finally {
    await part.close()
  }
}

function failed(cause: unknown): Exclude<End, { end: 'whole' }> {
  const refusal = diskRefusal(cause)
  if (refusal === 'full') return { end: 'refused', why: 'the disk is full', full: true }
  if (refusal === 'closed') return { end: 'refused', why: whyOf(cause) }
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : null
  const nobody = inner !== null && 'code' in inner && NOBODY.includes(String(inner.code))
  return { end: 'cut', why: whyOf(cause), nobody }
}

async function fetchRest(wanted: Wanted, part: Part): Promise<End> {
  const known = wanted.sha256 ?? part.about.sha256
  if (known !== part.about.sha256 && part.about.sha256 !== null) await part.reset()
  // What an earlier process has left was not hashed by this one.
  if (known !== null && part.bytes > 0) await part.sha256(verifying(wanted, part), wanted.signal)
  const size = wanted.size ?? part.about.total
  if (known !== null && size !== null && part.bytes === size) return { end: 'whole', sha256: known }
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${SILENT_MS / 1000} s`)), SILENT_MS)
  try {
    const answer = await ask({
      url: wanted.url,
      token: wanted.token,
      headers: (linked) => rangeOf(wanted, part, linked),
      signal: AbortSignal.any([wanted.signal, silence.signal]),
    })
    const end = await receive(wanted, part, answer, () => timer.refresh())
    if (end.end !== 'whole') await answer.response.body?.cancel().catch(() => undefined)
    return end
  } finally {
    clearTimeout(timer)
  }
}

/** Asks for the rest only where it can be told that it is the rest of the same file. */
function rangeOf({ sha256 }: Wanted, { bytes, about }: Part, linked: Linked): Record<string, string> {
  if (bytes === 0) return {}
  const range = `bytes=${bytes}-`
  if (linked.sha256 !== null) return linked.sha256 === about.sha256 ? { range } : {}
  if (about.tag !== null) return { range, 'if-range': about.tag }
  return sha256 === undefined ? {} : { range }
}

async function receive(wanted: Wanted, part: Part, answer: Answer, alive: () => void): Promise<End> {
  const { response, linked, url } = answer
  const { status, headers } = response
  const range = /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '')
  const whole = range?.[2] === undefined || range[2] === '*' ? null : Number(range[2])
  if (status === 416) {
    if (whole === part.bytes && whole > 0)
      return { end: 'whole', sha256: wanted.sha256 ?? part.about.sha256 ?? undefined }
    await part.reset()
    return { end: 'cut', why: 'what was there did not fit' }
  }
  if (status !== 200 && status !== 206) return refusal(status, url.host)
  if (status === 206 && (range?.[1] === undefined || Number(range[1]) !== part.bytes)) {
    await part.reset()
    return { end: 'cut', why: `${url.host} sent another piece than was asked for` }
  }
  // It sends the whole: it knows no ranges, or the file has become another one.
  if (status === 200 && part.bytes > 0) await part.reset()
  const length = headers.has('content-encoding') ? null : Number(headers.get('content-length') ?? Number.NaN)
  const total = status === 206 ? whole : length === null || Number.isNaN(length) ? linked.size : length
  const expected = wanted.size ?? linked.size
  if (wanted.sha256 !== undefined && linked.sha256 !== null && linked.sha256 !== wanted.sha256)
    return { end: 'refused', why: `${new URL(wanted.url).host} has another file under this name by now` }
  if (total !== null && expected !== null && total !== expected)
    return { end: 'refused', why: `${url.host} has ${total} bytes of it instead of ${expected}` }
  const sha256 = wanted.sha256 ?? linked.sha256 ?? part.about.sha256
  const missing = () => missingSpace(dirname(wanted.to), Math.max(0, (total ?? 0) - part.bytes), wanted.free)
  const short = await missing()
  if (short !== null) return { end: 'refused', why: short, full: true }
  if (response.body === null) return { end: 'cut', why: 'the answer was empty' }
  await part.note({ tag: tagOf(headers), sha256, total })
  const limit = total ?? expected ?? Infinity
  let looked = part.bytes
  for await (const piece of openings(response.body, part.bytes === 0 ? (wanted.begins ?? '') : '')) {
    alive()
    if (piece === null) {
      await part.reset()
      const page = headers.get('content-type')?.includes('html') === true
      return { end: 'refused', why: `what ${url.host} sends is ${page ? 'a web page and ' : ''}no model file` }
    }
    if (part.bytes + piece.length > limit) {
      await part.reset()
      return { end: 'refused', why: `${url.host} sent more than the ${limit} bytes that it should have` }
    }
    await part.write(piece, sha256 !== null)
    wanted.tell({ done: part.bytes, total, verifying: false })
    if (part.bytes - looked < LOOK) continue
    looked = part.bytes
    const full = await missing()
    if (full !== null) return { end: 'refused', why: full, full: true }
  }
  if (total !== null && part.bytes < total) return { end: 'cut', why: 'the connection was closed too early' }
  return { end: 'whole', sha256: sha256 ?? undefined }
}

/** The pieces, once they are known to begin as they should; null if they don't. */
async function* openings(body: AsyncIterable<Uint8Array>, begins: string): AsyncGenerator<Uint8Array | null> {
  const magic = Buffer.from(begins, 'latin1')
  let first: Buffer | null = magic.length === 0 ? null : Buffer.alloc(0)
  for await (const piece of body) {
    if (first === null) {
      yield piece
      continue
    }
    first = Buffer.concat([first, piece])
    if (first.length < magic.length) continue
    if (!first.subarray(0, magic.length).equals(magic)) return yield null
    yield first
    first = null
  }
  if (first !== null) yield null
}

/** A weak tag says nothing of single bytes, and may not be used for ranges. */
function tagOf(headers: Headers): string | null {
  const tag = headers.get('etag')
  return tag !== null && tag.startsWith('"') ? tag : headers.get('last-modified')
}

function refusal(status: number, host: string): End {
  if (status === 429 || status === 408 || status >= 500) return { end: 'cut', why: `${host} answered ${status}` }
  if (status === 401 || status === 403)
    return {
      end: 'refused',
      why: `${host} does not give it to everybody (${status}): accept its terms there and set HF_TOKEN`,
    }
  if (status === 404) return { end: 'refused', why: `${host} has no such file (404)` }
  return { end: 'refused', why: `${host} answered ${status}` }
}

async function accept(wanted: Wanted, part: Part, sha256: string | undefined): Promise<Got> {
  const { bytes } = part
  const wrong = await wrongWith(wanted, part, sha256)
  if (wrong !== null) {
    await part.reset()
    return { ok: false, why: `${wrong}, so it was thrown away` }
  }
  await part.finish(wanted.to)
  return { ok: true, bytes }
}

async function wrongWith(wanted: Wanted, part: Part, sha256: string | undefined): Promise<string | null> {
  const { bytes, path } = part
  if (wanted.size !== undefined && bytes !== wanted.size) return `it has ${bytes} bytes instead of ${wanted.size}`
  if (sha256 === undefined) return (await wanted.check?.(path)) ?? null
  const found = await part.sha256(verifying(wanted, part), wanted.signal)
  return found === sha256 ? null : 'its contents are not what they should be'
}

const verifying =
  ({ tell }: Wanted, part: Part) =>
  (done: number) =>
    tell({ done, total: part.about.total ?? part.bytes, verifying: true })

/** A sentence if the disk can't hold that much more, and leave some for the rest of the machine. */
export async function missingSpace(folder: string, bytes: number, freeOn = freeBytes): Promise<string | null> {
  const free = await freeOn(folder)
  if (free >= bytes + SPARE) return null
  return `${folder} has ${amount(free)} free, but ${amount(bytes + SPARE)} are needed`
}

const freeBytes = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

export const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
  })
