import type { Stopped } from '../wire/event.ts'
import { bound } from './bound.ts'
import type { Chosen, Clock } from './ports.ts'
import type { Tasks } from './tasks.ts'

/** How long the end of a stopped run waits for the backend to be seen idle. */
const SEEN_MS = 1500
/** How long its slot is kept from the next run where it was not. */
const KEPT_MS = 60_000

/**
 * After a stream was closed by a stop: how the backend was seen since. The slot is given back by `leave`, once, and where the backend is still
 * busy only when it no longer is, or has had its time: who comes next would only wait there without being told.
 */
export async function letGo(
  chosen: Chosen,
  leave: () => void,
  { clock, tasks, stopping }: { clock: Clock; tasks: Tasks; stopping: AbortSignal },
): Promise<Stopped['upstream']> {
  const look = (ms: number) => bound((signal) => chosen.idle(signal), 'busy', { ms, clock, stop: stopping })
  const seen = await look(SEEN_MS).catch((cause: unknown) => {
    leave()
    throw cause
  })
  if (seen === 'busy' && !stopping.aborted) {
    tasks.run(`slot at ${chosen.endpoint}`, async () => {
      await look(KEPT_MS).finally(leave)
    })
    return 'busy'
  }
  leave()
  return seen === 'idle' ? 'idle' : 'closed'
}
