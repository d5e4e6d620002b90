import type { Client } from '../client/client.ts'
import type { Line } from '../client/line.ts'
import { pause } from '../client/pause.ts'
import { Unreachable } from '../client/refusal.ts'
import type { Entry } from '../wire/event.ts'
import { EMPTY, foldAll, type Draft } from '../wire/fold.ts'
import type { RunId } from '../wire/id.ts'
import type { Seen } from './phase-words.ts'

export type Watch = {
  run: RunId
  seen: () => Seen
  /** Ends with the run, or with `leave`; the run itself goes on then. Rejects with Refusal when the server does not know it. */
  ended: Promise<Draft>
  /** Asks the server to stop the run, for as long as it takes to reach it. The run ends in its log. */
  stop: () => void
  /** Whether the server has taken the wish to stop. */
  told: () => boolean
  leave: () => void
}

export type Hear = { entries?: (entries: readonly Entry[], draft: Draft) => void; line?: (line: Line) => void }

/** Reads a run's log from its beginning. A connection that is lost is made again, and goes on where it was. */
export function watchRun(client: Client, run: RunId, hear: Hear): Watch {
  const left = new AbortController()
  const seen: Seen = { draft: EMPTY, line: { state: 'open' }, stopping: false, began: Date.now() }
  let told = false
  let stopped: Promise<void> | null = null
  const read = async (): Promise<Draft> => {
    const onLine = (line: Line) => {
      seen.line = line
      hear.line?.(line)
    }
    try {
      for await (const entries of client.follow(run, EMPTY.at, left.signal, { onLine })) {
        seen.draft = foldAll(seen.draft, entries)
        // A server's clock may be ahead of this one, and a run may have begun long ago.
        seen.began = Math.min(seen.began, Date.now() - seen.draft.t)
        hear.entries?.(entries, seen.draft)
      }
      return seen.draft
    } finally {
      left.abort()
      await stopped
    }
  }
  const cancel = async (): Promise<void> => {
    while (!left.signal.aborted && !told) {
      try {
        await client.call('runsCancel', { params: { run }, body: {} }, left.signal)
        told = true
      } catch (cause) {
        if (left.signal.aborted) return
        // A refusal says that there is nothing to stop; its log tells how it ended.
        if (!(cause instanceof Unreachable)) return
        await pause(500, undefined, left.signal)
      }
    }
  }
  return {
    run,
    seen: () => seen,
    ended: read(),
    stop: () => {
      seen.stopping = true
      stopped ??= cancel()
    },
    told: () => told,
    leave: () => left.abort(),
  }
}
