import type { Clock } from './ports.ts'

/** Resolves after so long, or at once when `stop` aborts. Leaves nothing behind. */
export function moment(ms: number, clock: Clock, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const over = () => {
      cancel()
      stop.removeEventListener('abort', over)
      resolve()
    }
    const cancel = clock.after(Math.max(1, ms), over)
    stop.addEventListener('abort', over)
  })
}
