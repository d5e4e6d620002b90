import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { Entry } from '../../wire/event.ts'
import { hear, isLive, type Heard, type RunView } from '../state/run-view.ts'
import type { Cell } from './cell.ts'
import type { Reach } from './reach.ts'

/** Words arrive in their hundreds a second; the page is drawn twenty times. */
const FLUSH_MS = 50

/**
 * Reads a run's log into `view` until it ends or `signal` aborts. The first entry after a pause is shown at once, what follows in
 * batches of 50 ms, on an animation frame; a hidden page folds without drawing.
 */
export async function followRun(
  view: Cell<RunView>,
  { client, reach }: { client: Client; reach: Reach },
  signal: AbortSignal,
): Promise<void> {
  const { draft, story, pace, log: entered } = view.get()
  let heard: Heard = { draft, story, pace }
  let flushed = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const publish = () => {
    timer = undefined
    flushed = performance.now()
    if (!signal.aborted && view.get().draft !== heard.draft)
      view.set({ ...view.get(), ...heard, began: begunBy(view.get(), heard) })
  }
  const shown = () => {
    if (document.visibilityState === 'visible') publish()
  }
  const take = (entries: readonly Entry[]) => {
    for (const entry of entries) if (entry.at === entered.length + 1) entered.push(entry)
    heard = entries.reduce(hear, heard)
    if (heard.draft.end !== null) {
      clearTimeout(timer)
      publish()
    } else if (timer === undefined && document.visibilityState === 'visible') {
      const rest = FLUSH_MS - (performance.now() - flushed)
      timer = setTimeout(() => requestAnimationFrame(publish), Math.max(0, rest))
    }
  }
  document.addEventListener('visibilitychange', shown)
  try {
    const { run } = view.get()
    const log = client.follow(run, draft.at, signal, {
      wake: reach.wake,
      onLine: (line) => {
        if (signal.aborted) return
        if (line.state === 'lost') reach.lost()
        view.set({ ...view.get(), line })
      },
    })
    for await (const entries of log) take(entries)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    view.set({ ...view.get(), missing: error.fault })
  } finally {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', shown)
    if (!signal.aborted && isLive(view.get())) publish()
  }
}

// A server's clock may be ahead of this browser's: then the first sight of an event bounds the beginning better.
const begunBy = (view: RunView, { draft }: Heard): number => Math.min(view.began, Date.now() - draft.t)
