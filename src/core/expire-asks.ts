import type { Deps } from './deps.ts'
import { moment } from './moment.ts'

/** How long a new question may go unseen by this: it asks again at least so often. */
const LOOK_MS = 30_000
const RETRY_MS = 10_000

/** Counts questions as refused whose time is over, until `stopping` aborts. */
export async function expireAsks(
  stopping: AbortSignal,
  { store, clock, say }: Pick<Deps, 'store' | 'clock' | 'say'>,
): Promise<void> {
  while (!stopping.aborted) {
    let next = LOOK_MS
    try {
      next = Math.min(LOOK_MS, (await store.acts.expireAsks()) ?? LOOK_MS)
    } catch (cause) {
      if (stopping.aborted) return
      say({ level: 'warn', text: 'Questions could not be looked at whose time may be over', cause })
      next = RETRY_MS
    }
    await moment(next, clock, stopping)
  }
}
