import { API } from '../wire/api.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { Watched } from '../wire/watched.ts'
import { pathOf, type Server } from './call.ts'
import { follows } from './follow.ts'
import { stayOn, type FollowOptions } from './line.ts'

/**
 * The logs of several runs on one line, as `follow` reads one: for each of them everything after what is known of it, then what comes.
 * Ends once all have ended. At most eight runs; rejects with Refusal when one of them is not there.
 */
export async function* followMany(
  server: Server,
  known: ReadonlyMap<RunId, Offset>,
  signal: AbortSignal,
  options: FollowOptions = {},
): AsyncGenerator<readonly Watched[], void> {
  const at = new Map(known)
  let gap = false
  const source = {
    // Asked each time that the line is opened: where each of them is by then.
    get path() {
      return pathOf(API.runsWatch.path, {}, { runs: [...at].map(([run, head]) => `${run}:${head}`).join() })
    },
    last: () => undefined,
    parse: (frame: { data: string }) => Watched.parse(JSON.parse(frame.data)),
    torn: () => gap,
  }
  if (at.size === 0) return
  for await (const batch of stayOn(server, source, signal, options)) {
    const news: Watched[] = []
    for (const { run, entries } of batch) {
      const head = at.get(run)
      if (head === undefined) continue
      const next = follows(head, entries)
      gap = next.gap
      const last = next.news.at(-1)
      if (last !== undefined) {
        if (last.event.type === 'run.end') at.delete(run)
        else at.set(run, last.at)
        news.push({ run, entries: next.news })
      }
      if (gap) break
    }
    if (news.length > 0) yield news
    if (at.size === 0) return
  }
}
