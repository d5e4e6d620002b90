import { moment } from './moment.ts'
import type { Clock, Say, Store } from './ports.ts'

const HOUR_MS = 3_600_000

/** Deletes for good what was removed and not restored in its hour, also before the last start. Ends when `stopping` aborts. */
export async function purge(
  stopping: AbortSignal,
  { store, clock, say }: { store: Store; clock: Clock; say: Say },
): Promise<void> {
  while (!stopping.aborted) {
    let next: number | null = null
    try {
      next = await store.purge()
    } catch (cause) {
      if (!stopping.aborted) say({ level: 'error', text: 'what was removed could not be deleted', cause })
    }
    // What is removed meanwhile is due in an hour at the earliest.
    await moment(Math.min(next ?? HOUR_MS, HOUR_MS), clock, stopping)
  }
}
