import { frameReader, type Frame } from '../wire/frame.ts'
import type { Server } from './call.ts'
import { backoffMs, pause, type Wake } from './pause.ts'
import { refusalOf } from './problem.ts'
import { Refusal } from './refusal.ts'

/** `lost` since a moment of Date.now(); the next attempt is at `again`, or under way if that is null. */
export type Line = { state: 'open' } | { state: 'lost'; since: number; attempt: number; again: number | null }

export type FollowOptions = {
  onLine?: (line: Line) => void
  wake?: Wake
  /** The server pings at least every second; after this much silence the connection is given up. */
  silenceMs?: number
  /** A server that is busy loading a model may take this long to accept. */
  connectMs?: number
  random?: () => number
}

/** Where a stream is, how it is read, and where a reader that comes back was. */
export type Source<T> = {
  path: string
  last: () => string | undefined
  parse: (frame: Frame) => T
  /** Whether what came last can only be a fault of the way, so that the connection is made again. */
  torn?: () => boolean
}

/**
 * What a stream of the server says, for as long as it is read: a connection that is cut, stalls or ends is made again. Rejects with Refusal
 * when the server says no for good; aborting ends it quietly.
 */
export async function* stayOn<T>(
  server: Server,
  source: Source<T>,
  signal: AbortSignal,
  options: FollowOptions,
): AsyncGenerator<readonly T[], void> {
  const { onLine, wake, random = Math.random } = options
  let since: number | null = null
  let attempt = 0
  while (!signal.aborted) {
    const line = new AbortController()
    try {
      for await (const batch of connect(server, source, AbortSignal.any([signal, line.signal]), line, options)) {
        if (batch === 'accepted') {
          onLine?.({ state: 'open' })
          continue
        }
        // Only what was really said counts: a server that accepts and hangs up at once must not be asked again without a pause.
        since = null
        attempt = 0
        if (batch.length > 0) yield batch
        if (source.torn?.()) break
      }
    } catch (cause) {
      if (signal.aborted) return
      if (cause instanceof Refusal && !cause.fault.retry && cause.status < 500) throw cause
    } finally {
      line.abort()
    }
    if (signal.aborted) return
    since ??= Date.now()
    attempt += 1
    const ms = backoffMs(attempt, random)
    onLine?.({ state: 'lost', since, attempt, again: Date.now() + ms })
    await pause(ms, wake, signal)
    onLine?.({ state: 'lost', since, attempt, again: null })
  }
}

/** One connection. `accepted` comes first; a batch is empty when only a ping or half a frame came. */
async function* connect<T>(
  server: Server,
  { path, last, parse }: Source<T>,
  signal: AbortSignal,
  line: AbortController,
  { silenceMs = 3500, connectMs = 15_000, wake }: FollowOptions,
): AsyncGenerator<readonly T[] | 'accepted', void> {
  const silent = () => line.abort(new Error('silence'))
  let timer = setTimeout(silent, connectMs)
  let heard = Date.now()
  // After a laptop's sleep the timers are late, and the connection is dead although nothing said so.
  const sleepOn = wake?.(() => {
    if (Date.now() - heard > silenceMs) silent()
  })
  try {
    const id = last()
    const headers = { Accept: 'text/event-stream', ...(id === undefined ? {} : { 'Last-Event-ID': id }) }
    const response = await server.fetch(server.base + path, { headers, signal, cache: 'no-store' })
    if (!response.ok) throw await refusalOf(response)
    if (response.body === null) return
    clearTimeout(timer)
    yield 'accepted'
    const frames = frameReader()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      timer = setTimeout(silent, silenceMs)
      const { value, done } = await reader.read()
      clearTimeout(timer)
      if (done) return
      heard = Date.now()
      yield frames(value).map(parse)
    }
  } finally {
    clearTimeout(timer)
    sleepOn?.()
  }
}
