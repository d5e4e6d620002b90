import type { Cell } from '../live/cell.ts'

/** Resolves with the first value of the cell that fits, at once if it does now; rejects when the signal aborts. */
export function until<T>(from: Cell<T>, fits: (value: T) => boolean, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (!fits(from.get())) return
      off()
      resolve()
    }
    const off = from.on(look)
    signal.addEventListener('abort', () => {
      off()
      reject(signal.reason as Error)
    })
    if (signal.aborted) reject(signal.reason as Error)
    look()
  })
}
