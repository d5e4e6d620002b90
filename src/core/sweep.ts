import type { Blobs, Clock, Say, Store } from './ports.ts'
import { moment } from './moment.ts'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Deletes attachments that no message has brought for a day, and bytes that nothing is made of. Ends when `stopping` aborts. */
export async function sweep(
  stopping: AbortSignal,
  { store, blobs, clock, say }: { store: Store; blobs: Blobs; clock: Clock; say: Say },
): Promise<void> {
  while (!stopping.aborted) {
    try {
      const before = clock.wall() - DAY_MS
      await store.sweepAttachments(before)
      await blobs.sweep(before, (hash) => store.isBlobUsed(hash))
    } catch (cause) {
      if (!stopping.aborted) say({ level: 'error', text: 'attachments that nobody needs could not be deleted', cause })
    }
    await moment(HOUR_MS, clock, stopping)
  }
}
