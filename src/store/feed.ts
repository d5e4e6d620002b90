import type { News } from '../wire/message.ts'
import { SessionId, type OwnerId } from '../wire/id.ts'
import { Waiter, type Bell } from './bell.ts'
import type { Reads } from './changes.ts'

const LIMIT = 200

/** The key of the bell that rings when a session of this owner changed. */
export const feedOf = (owner: OwnerId): string => `feed ${owner}`

/** Store.feed. A session that changed several times since the reader looked is told of once. */
export async function* feed(
  { reads, bell, closing }: { reads: Reads; bell: Bell; closing: AbortSignal },
  owner: OwnerId,
  after: number | null,
  signal: AbortSignal,
): AsyncGenerator<{ at: number; news: readonly News[] }, void> {
  if (signal.aborted) return
  const newest = reads.newest()
  // A number that was never given out is of another database.
  let at = after === null || after > newest ? newest : after
  const waiter = new Waiter()
  const quiet = bell.listen(feedOf(owner), waiter.ring)
  signal.addEventListener('abort', waiter.ring)
  try {
    yield { at, news: [] }
    while (!signal.aborted && !closing.aborted) {
      waiter.arm()
      const rows = reads.news(owner, at, LIMIT)
      if (rows.length === 0) {
        await waiter.rung()
        continue
      }
      at = rows.at(-1)!.at
      const news = rows.map((row) => ({
        session: SessionId.parse(row.session),
        ...(row.removed ? { removed: true } : {}),
      }))
      yield { at, news }
    }
  } finally {
    quiet()
    signal.removeEventListener('abort', waiter.ring)
  }
}
