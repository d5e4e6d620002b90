import { setTimeout as wait } from 'node:timers/promises'
import type { EventOf } from '../wire/event.ts'
import type { Bit } from './upstream.ts'

export type PhaseBit = EventOf<'phase'>

/**
 * The bits, and between them, as long as there is no head, what `learn` finds out: first after `soonMs`, then each time that `ms` have passed. Leaving the iteration ends all of it;
 * `enough` is aborted then, which must end the bits.
 */
export async function* whileSilent(
  bits: AsyncGenerator<Bit, void, undefined>,
  enough: AbortController,
  { soonMs, ms }: { soonMs: number; ms: number },
  learn: (signal: AbortSignal) => Promise<PhaseBit | null>,
): AsyncGenerator<Bit | PhaseBit, void, undefined> {
  const spoke = new AbortController()
  const later = async (pause: number): Promise<PhaseBit | null> => {
    await wait(pause, undefined, { signal: spoke.signal, ref: false }).catch(() => {})
    return spoke.signal.aborted ? null : learn(spoke.signal)
  }
  try {
    let next = bits.next()
    let learning = later(soonMs)
    for (;;) {
      const first = await Promise.race([next, learning])
      if (first === null || 'type' in first) {
        if (first !== null) yield first
        learning = later(ms)
        continue
      }
      if (first.done) return
      yield first.value
      if (first.value.type === 'head') break
      next = bits.next()
    }
    spoke.abort()
    yield* bits
  } finally {
    spoke.abort()
    enough.abort() // or the return would wait behind a next that nobody ends
    await bits.return()
  }
}
