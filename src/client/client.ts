import type { Entry } from '../wire/event.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { caller, type Call, type Server } from './call.ts'
import { follow, type FollowOptions } from './follow.ts'

export type Client = {
  call: Call
  follow: (
    run: RunId,
    after: Offset,
    signal: AbortSignal,
    options?: FollowOptions,
  ) => AsyncGenerator<readonly Entry[], void>
}

/** PKN's API for a program: the page, the command line, a test. */
export function connectTo(base: string, fetch: Server['fetch'] = (url, init) => globalThis.fetch(url, init)): Client {
  const server = { base: base.replace(/\/+$/, ''), fetch }
  return {
    call: caller(server),
    follow: (run, after, signal, options) => follow(server, run, after, signal, options),
  }
}
