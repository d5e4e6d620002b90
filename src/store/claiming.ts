import type { Claim, Claimable, Clock, Say } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import type { WorkerId } from '../wire/id.ts'
import { Waiter, type Bell } from './bell.ts'
import type { Ledger } from './changes.ts'
import { feedOf } from './feed.ts'
import type { Held } from './held.ts'

/** The key of the bell that rings when there may be something to claim. */
export const WORK = 'work'
const RETRY = 1000

export type ClaimSource = {
  ledger: Ledger
  held: Held
  bell: Bell
  clock: Clock
  say: Say
  /** The store's own end. What is being taken then is given back by close(), which waits for `taking`. */
  closing: AbortSignal
  taking: Set<Promise<unknown>>
}

/** Store.claims. A store that fails for a while (a full disk) does not end it, whatever it fails with. */
export async function* claimAll(
  source: ClaimSource,
  worker: WorkerId,
  signal: AbortSignal,
  which: Claimable,
): AsyncGenerator<Claim, void> {
  const { ledger, held, bell, clock, closing, taking } = source
  if (signal.aborted) return
  const waiter = new Waiter()
  const quiet = bell.listen(WORK, waiter.ring)
  signal.addEventListener('abort', waiter.ring)
  try {
    while (!signal.aborted && !closing.aborted) {
      waiter.arm()
      const taken = take(source, worker, which)
      taking.add(taken)
      const { claim, next } = await taken
      taking.delete(taken)
      if (closing.aborted) return
      if (claim !== null && !signal.aborted) {
        bell.ring(feedOf(claim.owner))
        yield claim
        continue
      }
      if (claim !== null) {
        // Nobody wants it any more.
        held.close(claim.run, claim.epoch)
        await ledger.write('release', { run: claim.run, epoch: claim.epoch })
        return
      }
      // A lease that runs out makes no sound. Our own are renewed first, so that a machine that slept doesn't rob itself.
      const look = () => {
        held.renew().then(waiter.ring, waiter.ring)
      }
      const cancel = next === null ? null : clock.after(Math.max(1, next - clock.wall()), look)
      await waiter.rung()
      cancel?.()
    }
  } finally {
    quiet()
    signal.removeEventListener('abort', waiter.ring)
  }
}

type Took = { claim: Claim | null; next: number | null }

async function take(
  { ledger, held, clock, say, closing }: ClaimSource,
  worker: WorkerId,
  which: Claimable,
): Promise<Took> {
  try {
    await held.keep()
    const taken = await ledger.write('claim', { worker, now: clock.wall(), until: held.until(), which })
    if (taken.run === null) return { claim: null, next: taken.next }
    return { claim: held.open(taken.run, taken.message), next: null }
  } catch (cause) {
    // A bug, too: messages would be accepted from now on, and never answered.
    if (!closing.aborted)
      say({
        level: 'error',
        text: `no run could be claimed${cause instanceof Fault ? `: ${cause.message}` : ''}`,
        cause,
      })
    return { claim: null, next: clock.wall() + RETRY }
  }
}
