import type { Entry } from '../wire/event.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { caller, type Call, type Server } from './call.ts'
import { feed } from './feed.ts'
import { follow } from './follow.ts'
import type { FollowOptions } from './line.ts'
import type { News } from '../wire/message.ts'

export type Client = {
  call: Call
  follow: (
    run: RunId,
    after: Offset,
    signal: AbortSignal,
    options?: FollowOptions,
  ) => AsyncGenerator<readonly Entry[], void>
  feed: (signal: AbortSignal, options?: FollowOptions) => AsyncGenerator<readonly News[], void>
}

/** PKN's API for a program: the page, the command line, a test. */
export function connectTo(base: string, fetch: Server['fetch'] = (url, init) => globalThis.fetch(url, init)): Client {
  const server = { base: base.replace(/\/+$/, ''), fetch }
  return {
    call: caller(server),
    follow: (run, after, signal, options) => follow(server, run, after, signal, options),
    feed: (signal, options) => feed(server, signal, options),
  }
}
