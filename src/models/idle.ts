import { setTimeout as wait } from 'node:timers/promises'
import { type LlamaAt, lookAtSlots } from './slots-look.ts'
import type { Streams } from './work.ts'

const AGAIN_MS = 30

/**
 * Looks at a server's slots until none works on a stream of ours that was closed: `idle`; `busy` if `signal` aborts first; `unknown` if the
 * server does not show its slots. Ours are known by their seeds; where those are not shown, by more slots at work than we have streams open.
 */
export async function untilIdle(
  at: LlamaAt,
  model: string | null,
  streams: Streams,
  signal: AbortSignal,
): Promise<'idle' | 'busy' | 'unknown'> {
  const ours = [...streams.left]
  let quiet = 0
  let seenBusy = false
  while (!signal.aborted) {
    const slots = await lookAtSlots(at, model, signal)
    if (signal.aborted) break
    if (slots === null) return 'unknown'
    const busy = slots.filter(({ processing }) => processing)
    const still = busy.every(({ seed }) => seed !== null)
      ? busy.some(({ seed }) => seed !== null && ours.includes(seed))
      : busy.length > streams.open
    seenBusy ||= still
    quiet = still ? 0 : quiet + 1
    // What was closed before it had a slot may be given one yet, and is let go of at once then: so it is looked at twice.
    if (quiet >= (seenBusy ? 1 : 2)) {
      for (const seed of ours) streams.left.delete(seed)
      return 'idle'
    }
    await wait(AGAIN_MS, undefined, { signal }).catch(() => {})
  }
  return 'busy'
}
