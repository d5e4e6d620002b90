import type { Claim } from '../core/ports.ts'
import type { Entry } from '../wire/event.ts'
import type { Offset } from '../wire/id.ts'
import type { Batch } from './changes.ts'

/** The promises that every later reader relies on are checked where they are made: no gap, nothing after the end. */
export function batchOf(claim: Claim, after: Offset, entries: readonly Entry[], ends: boolean): Batch {
  for (const [i, entry] of entries.entries()) {
    if (entry.at !== after + 1 + i) throw new RangeError(`${claim.run}: entry ${entry.at} after ${after + i}`)
    if ((entry.event.type === 'run.end') !== (ends && i === entries.length - 1))
      throw new RangeError(`${claim.run}: run.end is the last entry of settle, and of nothing else`)
  }
  if (entries.length === 0) throw new RangeError(`${claim.run}: settled without run.end`)
  const last = after + entries.length
  return { run: claim.run, epoch: claim.epoch, after, last, entries: JSON.stringify(entries) }
}
