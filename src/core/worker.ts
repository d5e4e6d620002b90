import type { WorkerId } from '../wire/id.ts'
import { execute, type Deps } from './execute.ts'
import type { Tasks } from './tasks.ts'

/**
 * Takes runs as they come and executes at most `most` at once, until `stopping` aborts; then resolves when the last one has been given
 * back or ended.
 */
export async function work(
  worker: WorkerId,
  most: number,
  stopping: AbortSignal,
  tasks: Tasks,
  deps: Deps,
): Promise<void> {
  const open = new Set<Promise<void>>()
  for await (const claim of deps.store.claims(worker, stopping)) {
    deps.say({
      level: 'info',
      text: claim.head > 0 ? 'Run claimed, begun before' : 'Run claimed',
      run: claim.run,
      session: claim.session,
    })
    const done = execute(claim, stopping, deps)
    open.add(done)
    tasks.run(`run ${claim.run}`, () => done.finally(() => open.delete(done)))
    while (open.size >= most) await Promise.race(open)
  }
  await Promise.allSettled(open)
}
