import type { WorkerId } from '../wire/id.ts'
import type { Deps } from './deps.ts'
import { execute } from './execute.ts'
import type { Claim } from './ports.ts'
import type { Tasks } from './tasks.ts'

/**
 * Takes runs as they come and executes at most `most` at once, until `stopping` aborts; then resolves when the last one has been given
 * back or ended. Runs that are cancelled while they wait end at once.
 */
export async function work(
  worker: WorkerId,
  most: number,
  stopping: AbortSignal,
  tasks: Tasks,
  deps: Deps,
): Promise<void> {
  const open = new Set<Promise<void>>()
  let onRoom = () => {}
  const begin = (claim: Claim) => {
    deps.say({
      level: 'info',
      text: claim.head > 0 ? 'Run claimed, begun before' : 'Run claimed',
      run: claim.run,
      session: claim.session,
    })
    const done = execute(claim, stopping, tasks, deps)
    open.add(done)
    tasks.run(`run ${claim.run}`, () =>
      done.finally(() => {
        open.delete(done)
        if (open.size < most) onRoom()
      }),
    )
    return done
  }
  for await (const claim of deps.store.claims(worker, stopping)) {
    void begin(claim)
    if (open.size < most) continue
    const room = new AbortController()
    onRoom = () => room.abort()
    const until = AbortSignal.any([stopping, room.signal])
    // The end of what was cancelled while it waits is written now: that costs no model.
    for await (const cancelled of deps.store.claims(worker, until, 'cancelled')) await begin(cancelled)
  }
  await Promise.allSettled(open)
}
