import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

export type Progress = { done: number; total: number | null; bytesPerSecond: number; secondsLeft: number | null }
export type Wanted = {
  url: string
  to: string
  /** What the file must be; without them, what the server says of it. */
  size?: number | undefined
  sha256?: string | undefined
  headers?: Record<string, string>
  /** Told at most once a second, and at the end. */
  tell: (progress: Progress) => void
  signal: AbortSignal
  /** Waits before another attempt. */
  pause?: (ms: number, signal: AbortSignal) => Promise<void>
}
export type Got = { ok: true; bytes: number } | { ok: false; why: string }

const SILENT_MS = 30_000
const ATTEMPTS = 6
const SPARE = 256 * 1024 * 1024

/**
 * Gets a file. What has arrived is kept beside it as `.part` and gone on from, in this attempt, the next one and the next call; under its
 * own name it stands only when it is complete and is what it should be.
 */
export async function download(wanted: Wanted): Promise<Got> {
  const { to, signal } = wanted
  const part = `${to}.part`
  await mkdir(dirname(to), { recursive: true })
  const pause = wanted.pause ?? waitFor
  let why = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    if (signal.aborted) return { ok: false, why: 'it was stopped' }
    if (attempt > 0) await pause(500 * 2 ** attempt, signal)
    const before = await sizeOf(part)
    const result = await fetchRest(wanted, part).catch((cause: unknown) => ({
      end: 'cut' as const,
      why:
        cause instanceof Error
          ? `${cause.message}${cause.cause instanceof Error ? `: ${cause.cause.message}` : ''}`
          : String(cause),
    }))
    if (result.end === 'refused') return { ok: false, why: result.why }
    if (result.end === 'whole') return await accept(wanted, part, result.size)
    why = result.why
    // An attempt that brought something doesn't count.
    if ((await sizeOf(part)) > before) attempt = 0
  }
  return { ok: false, why: `${why} (${ATTEMPTS} attempts)` }
}

type Rest = { end: 'whole'; size: number | undefined } | { end: 'cut' | 'refused'; why: string }

async function fetchRest(wanted: Wanted, part: string): Promise<Rest> {
  const have = await sizeOf(part)
  const tag = have > 0 ? await readFile(`${part}.etag`, 'utf8').catch(() => '') : ''
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(new Error(`nothing came for ${SILENT_MS / 1000} s`)), SILENT_MS)
  const range = have > 0 ? { range: `bytes=${have}-`, ...(tag === '' ? {} : { 'if-range': tag }) } : {}
  try {
    const response = await fetch(wanted.url, {
      headers: { ...wanted.headers, ...range, 'accept-encoding': 'identity' },
      signal: AbortSignal.any([wanted.signal, silence.signal]),
    })
    const { status } = response
    if (status === 416) {
      // Nothing is left to get, or what we have belongs to another file.
      await response.body?.cancel()
      const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? Number.NaN)
      if (total === have) return { end: 'whole', size: total }
      await rm(part, { force: true })
      return { end: 'cut', why: 'what was there did not fit' }
    }
    if (status !== 200 && status !== 206) {
      await response.body?.cancel()
      return {
        end: status >= 500 || status === 429 ? 'cut' : 'refused',
        why: `${new URL(wanted.url).host} answered ${status}`,
      }
    }
    const from = status === 206 ? have : 0
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    const total = wanted.size ?? (Number.isNaN(length) ? null : from + length)
    const short = total === null ? null : await missingSpace(dirname(part), total - from)
    if (short !== null || response.body === null) {
      await response.body?.cancel()
      return { end: 'refused', why: short ?? 'the answer was empty' }
    }
    await writeFile(`${part}.etag`, response.headers.get('etag') ?? '')
    await receive(response.body, { part, from, total, tell: wanted.tell, alive: () => timer.refresh() })
    const got = await sizeOf(part)
    if (total !== null && got < total) return { end: 'cut', why: 'the connection was closed too early' }
    return { end: 'whole', size: total ?? undefined }
  } finally {
    clearTimeout(timer)
  }
}

type Receiving = { part: string; from: number; total: number | null; tell: Wanted['tell']; alive: () => void }

async function receive(body: AsyncIterable<Uint8Array>, { part, from, total, tell, alive }: Receiving): Promise<void> {
  await using file = await open(part, from > 0 ? 'r+' : 'w')
  const began = performance.now()
  let done = from
  let told = began
  const report = (now: number) => {
    const bytesPerSecond = ((done - from) * 1000) / Math.max(1, now - began)
    const secondsLeft = total === null || bytesPerSecond === 0 ? null : (total - done) / bytesPerSecond
    tell({ done, total, bytesPerSecond, secondsLeft })
  }
  for await (const piece of body) {
    alive()
    await file.write(piece, 0, piece.length, done)
    done += piece.length
    const now = performance.now()
    if (now - told < 1000) continue
    told = now
    report(now)
  }
  await file.truncate(done)
  await file.sync()
  report(performance.now())
}

async function accept({ to, size, sha256 }: Wanted, part: string, told: number | undefined): Promise<Got> {
  const bytes = await sizeOf(part)
  const expected = size ?? told
  const wrong =
    expected !== undefined && bytes !== expected
      ? `it has ${bytes} bytes instead of ${expected}`
      : sha256 !== undefined && (await sha256Of(part)) !== sha256
        ? 'its contents are not what they should be'
        : null
  await rm(`${part}.etag`, { force: true })
  if (wrong !== null) {
    await rm(part, { force: true })
    return { ok: false, why: `${wrong}, so it was thrown away` }
  }
  await rename(part, to)
  return { ok: true, bytes }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
    hash.update(piece)
  return hash.digest('hex')
}

/** A sentence if the disk can't hold that much more, and leave some for the rest of the machine. */
export async function missingSpace(folder: string, bytes: number): Promise<string | null> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= bytes + SPARE) return null
  const mb = (n: number) => Math.ceil(n / 1e6)
  return `${folder} has ${mb(free)} MB free, but ${mb(bytes + SPARE)} MB are needed`
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    (s) => s.size,
    () => 0,
  )

const waitFor = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
