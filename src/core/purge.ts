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
    await passed(Math.min(next ?? HOUR_MS, HOUR_MS), clock, stopping)
  }
}

/** Resolves after so long, or at once when `stopping` aborts. */
export function passed(ms: number, clock: Clock, stopping: AbortSignal): Promise<void> {
  if (stopping.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(Math.max(1, ms), resolve)
  stopping.addEventListener('abort', () => resolve(), { once: true })
  return promise.finally(cancel)
}
