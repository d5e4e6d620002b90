import { API } from '../wire/api.ts'
import { Entry } from '../wire/event.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { pathOf, type Server } from './call.ts'
import { stayOn, type FollowOptions } from './line.ts'

/**
 * The log of a run after `after`, then what comes, ending after `run.end` and never before: a connection that is cut, stalls or ends
 * early is made again after the last entry that arrived. Batches are gapless, in order and without repeats. Rejects with Refusal when
 * the server says that there is no such run; aborting ends it quietly.
 */
export async function* follow(
  server: Server,
  run: RunId,
  after: Offset,
  signal: AbortSignal,
  options: FollowOptions = {},
): AsyncGenerator<readonly Entry[], void> {
  let at = after
  let gap = false
  const source = {
    path: pathOf(API.runsFollow.path, { run }),
    last: () => String(at),
    parse: (frame: { data: string }) => Entry.parse(JSON.parse(frame.data)),
    // A hole in the log can only be a fault of the way: read again after the last one that is known to be right.
    torn: () => gap,
  }
  for await (const batch of stayOn(server, source, signal, options)) {
    const known = follows(at, batch)
    gap = known.gap
    if (known.news.length === 0) continue
    at = known.news.at(-1)!.at
    yield known.news
    if (known.news.at(-1)?.event.type === 'run.end') return
  }
}

/** What of a batch is new after `at`, up to the first hole. */
export function follows(at: Offset, batch: readonly Entry[]): { news: Entry[]; gap: boolean } {
  const news: Entry[] = []
  let head: number = at
  for (const entry of batch) {
    if (entry.at <= head) continue
    if (entry.at !== head + 1) return { news, gap: true }
    news.push(entry)
    head = entry.at
  }
  return { news, gap: false }
}
