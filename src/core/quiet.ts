import type { Clock } from './ports.ts'

/** What can wait waits for answers that are being written, but not for ever. */
const WAIT_MS = 30_000
const LOOK_MS = 500

/** Resolves once nobody waits for an answer, after half a minute at the latest, and at once when `stop` aborts. */
export function untilQuiet(busy: () => Promise<boolean>, clock: Clock, stop: AbortSignal): () => Promise<void> {
  const pause = () =>
    new Promise<void>((resolve) => {
      const done = () => {
        cancel()
        stop.removeEventListener('abort', done)
        resolve()
      }
      const cancel = clock.after(LOOK_MS, done)
      stop.addEventListener('abort', done)
    })
  return async () => {
    for (let waited = 0; waited < WAIT_MS && !stop.aborted && (await busy()); waited += LOOK_MS) await pause()
  }
}
