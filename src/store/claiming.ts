import type { Claim, Clock, Say } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import type { WorkerId } from '../wire/id.ts'
import { Waiter, type Bell } from './bell.ts'
import type { Ledger, Taken } from './changes.ts'
import type { Held } from './held.ts'

/** The key of the bell that rings when there may be something to claim. */
export const WORK = 'work'
const RETRY = 1000

export type ClaimSource = { ledger: Ledger; held: Held; bell: Bell; clock: Clock; say: Say; closing: AbortSignal }

/** Store.claims. A store that fails for a while (a full disk) does not end it. */
export async function* claimAll(
  source: ClaimSource,
  worker: WorkerId,
  signal: AbortSignal,
): AsyncGenerator<Claim, void> {
  const { held, bell, clock, closing } = source
  const over = () => signal.aborted || closing.aborted
  if (signal.aborted) return
  const waiter = new Waiter()
  const quiet = bell.listen(WORK, waiter.ring)
  signal.addEventListener('abort', waiter.ring)
  try {
    while (!over()) {
      waiter.arm()
      const taken = await take(source, worker)
      if (taken !== null && taken.run !== null) {
        // Opened even if nobody wants it any more: close() gives back what is open.
        const claim = held.open(taken.run, taken.message)
        if (!over()) {
          yield claim
          continue
        }
        held.close(claim.run, claim.epoch)
        await source.ledger.write('release', { run: claim.run, epoch: claim.epoch })
        return
      }
      const at = taken === null ? clock.wall() + RETRY : taken.next
      // A lease that runs out makes no sound. Our own are renewed first, so that a machine that slept doesn't rob itself.
      const cancel =
        at === null
          ? null
          : clock.after(Math.max(1, at - clock.wall()), () => {
              held.renew().then(waiter.ring, waiter.ring)
            })
      await waiter.rung()
      cancel?.()
    }
  } finally {
    quiet()
    signal.removeEventListener('abort', waiter.ring)
  }
}

async function take({ ledger, held, clock, say }: ClaimSource, worker: WorkerId): Promise<Taken | null> {
  try {
    return await ledger.write('claim', { worker, now: clock.wall(), until: held.until() })
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    say({ level: 'error', text: `no run could be claimed: ${cause.message}`, cause })
    return null
  }
}
