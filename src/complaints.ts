import type { Say } from './core/ports.ts'
import { Fault } from './wire/fault.ts'

/** Says what went wrong in what goes on beside everything else: the same reason once, until it was well again. After `stop` nothing is said. */
export function complaints(say: Say, stop: AbortSignal) {
  let last = ''
  return {
    of(cause: unknown, text: string): void {
      const why = cause instanceof Fault ? cause.message : String(cause)
      if (!stop.aborted && why !== last) say({ level: 'warn', text: `${text}: ${why}` })
      last = why
    },
    isWell: (): void => void (last = ''),
  }
}
