import type { Clock } from './ports.ts'

/** What `work` comes to, or `late` once `ms` have passed or `stop` has aborted: then its signal aborts too. Leaves no timer behind. */
export async function bound<T>(
  work: (signal: AbortSignal) => Promise<T>,
  late: T,
  { ms, clock, stop }: { ms: number; clock: Clock; stop?: AbortSignal },
): Promise<T> {
  if (stop?.aborted) return late
  const over = new AbortController()
  const end = () => over.abort()
  const cancel = clock.after(ms, end)
  stop?.addEventListener('abort', end)
  try {
    return await Promise.race([
      work(over.signal),
      new Promise<T>((resolve) => over.signal.addEventListener('abort', () => resolve(late))),
    ])
  } finally {
    cancel()
    stop?.removeEventListener('abort', end)
  }
}
