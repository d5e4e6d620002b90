import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { Line } from '../../client/line.ts'
import type { Entry } from '../../wire/event.ts'
import { askedOf } from '../state/asking.ts'
import { hear, isLive, type Heard, type RunView } from '../state/run-view.ts'
import type { Cell } from './cell.ts'
import type { Reach } from './reach.ts'

/** Words arrive in their hundreds a second; the page is drawn twenty times. */
const FLUSH_MS = 50

/** What takes a run's log in, as it comes. */
export type Ear = {
  take: (entries: readonly Entry[]) => void
  line: (line: Line) => void
  /** Nothing more comes; what was heard is shown. */
  close: () => void
}

/**
 * Folds a run's log into `view`, until `signal` aborts. The first entry after a pause is shown at once, what follows in batches of 50 ms, on
 * an animation frame; a hidden page folds without drawing.
 */
export function earFor(view: Cell<RunView>, reach: Reach, signal: AbortSignal): Ear {
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
  document.addEventListener('visibilitychange', shown)
  return {
    take: (entries) => {
      for (const entry of entries) if (entry.at === entered.length + 1) entered.push(entry)
      const asking = askedOf(heard.draft)?.ask.id
      heard = entries.reduce(hear, heard)
      // A question is told also where nobody looks: the title of the page says it.
      if (heard.draft.end !== null || askedOf(heard.draft)?.ask.id !== asking) {
        clearTimeout(timer)
        publish()
      } else if (timer === undefined && document.visibilityState === 'visible') {
        const rest = FLUSH_MS - (performance.now() - flushed)
        timer = setTimeout(() => requestAnimationFrame(publish), Math.max(0, rest))
      }
    },
    line: (line) => {
      if (signal.aborted) return
      if (line.state === 'lost') reach.lost()
      view.set({ ...view.get(), line })
    },
    close: () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', shown)
      if (!signal.aborted && isLive(view.get())) publish()
    },
  }
}

/** Reads a run's log into `view` until it ends or `signal` aborts. */
export async function followRun(
  view: Cell<RunView>,
  { client, reach }: { client: Client; reach: Reach },
  signal: AbortSignal,
): Promise<void> {
  const ear = earFor(view, reach, signal)
  try {
    const { run, draft } = view.get()
    const log = client.follow(run, draft.at, signal, { wake: reach.wake, onLine: ear.line })
    for await (const entries of log) ear.take(entries)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    view.set({ ...view.get(), missing: error.fault })
  } finally {
    ear.close()
  }
}

// A server's clock may be ahead of this browser's: then the first sight of an event bounds the beginning better.
const begunBy = (view: RunView, { draft }: Heard): number => Math.min(view.began, Date.now() - draft.t)
