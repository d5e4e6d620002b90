import type { Speed } from '../wire/model.ts'
import { Progress } from './progress.ts'
import type { Clock, ModelEvent } from './ports.ts'

/** What is known of the answer before it begins. */
export type Narrated = {
  clock: Clock
  /** The signal that `watch` was given. */
  stop: AbortSignal
  /** What this machine remembers of the model at that endpoint. */
  speed: Speed | null
  /** Tokens that will have to be read, as they are guessed: without what the backend holds from the turn before. Null if nobody can say. */
  toRead: number | null
  /** Bytes of the model; what loading takes is guessed by them where nothing is remembered. */
  bytes: number | null
}

/** So that not even a late timer makes it a second. */
const SILENCE = 900
/** When to look again if whoever reads was at work when the silence had lasted so long. */
const BUSY = 50

/**
 * Wraps what `watch` yields and passes all of it on, unhurried and unchanged but for this: reading progress without `etaMs` gets one where the
 * pace is known, and a phase that a backend only repeats, without numbers, gets what is known of how far it is. Whenever 900 ms have passed without an event, it puts in a batch with one `phase`, marked `estimated`, that says
 * what is on (starting until `model.open`, then what the backend said or what its words stand for) and how far: so no second of the log is
 * silent, whatever the backend. Once `stop` has aborted it says nothing of its own any more, and ends as soon as `events` does. Who leaves
 * before the end aborts `stop` as well, or waits for the backend's next word.
 */
export async function* narrate(
  events: AsyncIterable<readonly ModelEvent[]>,
  { clock, stop, ...known }: Narrated,
): AsyncGenerator<readonly ModelEvent[]> {
  const source = events[Symbol.asyncIterator]()
  const progress = new Progress(known, clock.now())
  let last = clock.now()
  let wake: (() => void) | null = null
  let cancelTimer = () => {}
  const look = () => {
    // One timer that looks again, rather than one set anew by each token.
    const left = last + SILENCE - clock.now()
    cancelTimer = clock.after(left > 0 ? left : wake ? SILENCE : BUSY, look)
    if (left <= 0) wake?.()
  }
  cancelTimer = clock.after(SILENCE, look)
  let pending: Promise<IteratorResult<readonly ModelEvent[]>> | null = null
  try {
    for (;;) {
      pending ??= source.next()
      const next = pending
      const result = await new Promise<IteratorResult<readonly ModelEvent[]> | null>((resolve, reject) => {
        wake = () => resolve(null)
        next.then(resolve, reject)
      })
      wake = null
      const now = clock.now()
      if (result === null) {
        last = now
        if (!stop.aborted) yield [progress.guess(now)]
        continue
      }
      pending = null
      if (result.done) return
      if (result.value.some(isSeen)) last = now
      yield progress.heard(result.value, now)
    }
  } finally {
    cancelTimer()
    await source.return?.()
  }
}

/** Whether it comes to stand in the log: that it is open, or a word without letters, does not. */
function isSeen(event: ModelEvent): boolean {
  if (event.type === 'text.delta' || event.type === 'thought.delta') return event.text !== ''
  return event.type !== 'model.open'
}
