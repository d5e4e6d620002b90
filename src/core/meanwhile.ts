import type { EventOf } from '../wire/event.ts'
import type { Clock } from './ports.ts'

/** So that not even a late timer makes it a second. */
const SILENCE_MS = 900

/**
 * What `work` comes to. Whenever 900 ms have passed in which it reported nothing, what it reported last is told again, as estimated; at first
 * that something is being started.
 */
export async function meanwhile<T>(
  work: (report: (phase: EventOf<'phase'>) => void) => Promise<T>,
  tell: (phase: EventOf<'phase'>) => void,
  clock: Clock,
): Promise<T> {
  let last: EventOf<'phase'> = { type: 'phase', phase: 'starting' }
  let cancel = () => {}
  const wait = () => {
    cancel()
    cancel = clock.after(SILENCE_MS, () => {
      tell({ ...last, estimated: true })
      wait()
    })
  }
  wait()
  try {
    return await work((phase) => {
      last = phase
      tell(phase)
      wait()
    })
  } finally {
    cancel()
  }
}
