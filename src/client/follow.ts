import { API } from '../wire/api.ts'
import { Entry } from '../wire/event.ts'
import { frameReader } from '../wire/frame.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { pathOf, type Server } from './call.ts'
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

/**
 * The log of a run after `after`, then what comes, ending after `run.end` and never before: a connection that is cut, stalls or ends
 * early is made again after the last entry that arrived. Batches are gapless, in order and without repeats. Rejects with Refusal when
 * the server says that there is no such run; aborting ends it quietly.
 */
export async function* follow(
  server: Server,
  run: RunId,
  after: Offset,
  signal: AbortSignal,
  options: FollowOptions = {},
): AsyncGenerator<readonly Entry[], void> {
  const { onLine, wake, random = Math.random } = options
  let at = after
  let since: number | null = null
  let attempt = 0
  while (!signal.aborted) {
    const line = new AbortController()
    try {
      for await (const batch of connect(server, run, at, AbortSignal.any([signal, line.signal]), line, options)) {
        if (batch === ACCEPTED) {
          onLine?.({ state: 'open' })
          continue
        }
        // Only what was really said counts: a server that accepts and hangs up at once must not be asked again without a pause.
        since = null
        attempt = 0
        const { news, gap } = follows(at, batch)
        if (news.length > 0) {
          at = news.at(-1)!.at
          yield news
        }
        if (news.at(-1)?.event.type === 'run.end') return
        // A hole in the log can only be a fault of the way: read again after the last one that is known to be right.
        if (gap) break
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

const ACCEPTED: readonly Entry[] = []

/** What of a batch is new after `at`, up to the first hole. */
function follows(at: Offset, batch: readonly Entry[]): { news: Entry[]; gap: boolean } {
  const news: Entry[] = []
  let head: number = at
  for (const entry of batch) {
    if (entry.at <= head) continue
    if (entry.at !== head + 1) return { news, gap: true }
    news.push(entry)
    head = entry.at
  }
  return { news, gap: false }
}

/** One connection. ACCEPTED comes first; a batch is empty when only a ping or half a frame came. */
async function* connect(
  server: Server,
  run: RunId,
  at: Offset,
  signal: AbortSignal,
  line: AbortController,
  { silenceMs = 3500, connectMs = 15_000, wake }: FollowOptions,
): AsyncGenerator<readonly Entry[], void> {
  const silent = () => line.abort(new Error('silence'))
  let timer = setTimeout(silent, connectMs)
  let heard = Date.now()
  // After a laptop's sleep the timers are late, and the connection is dead although nothing said so.
  const sleepOn = wake?.(() => {
    if (Date.now() - heard > silenceMs) silent()
  })
  try {
    const headers = { Accept: 'text/event-stream', 'Last-Event-ID': String(at) }
    const path = pathOf(API.runsFollow.path, { run })
    const response = await server.fetch(server.base + path, { headers, signal, cache: 'no-store' })
    if (!response.ok) throw await refusalOf(response)
    if (response.body === null) return
    clearTimeout(timer)
    yield ACCEPTED
    const frames = frameReader()
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
    for (;;) {
      timer = setTimeout(silent, silenceMs)
      const { value, done } = await reader.read()
      clearTimeout(timer)
      if (done) return
      heard = Date.now()
      yield frames(value).map((frame) => Entry.parse(JSON.parse(frame.data)))
    }
  } finally {
    clearTimeout(timer)
    sleepOn?.()
  }
}
