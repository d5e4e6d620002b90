import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { SessionId } from '../../wire/id.ts'
import type { News } from '../../wire/message.ts'
import { newsPlan } from '../state/news-plan.ts'
import type { Reach } from './reach.ts'

/** A message makes several news within a moment; what they are about is read once. */
const TOGETHER_MS = 40

type Reader = {
  /** Everything that is shown may be old. */
  all: () => void
  some: (changed: readonly SessionId[], removed: readonly SessionId[]) => void
}

/**
 * Listens, for as long as the page is looked at, to what changes in any session, here or elsewhere. Each time the line opens everything is
 * read again. A hidden page leaves the line: a browser has only six to a server, for all of its tabs.
 */
export async function listen(client: Client, reach: Reach, reader: Reader): Promise<void> {
  let heard: News[] = []
  const read = () => {
    const plan = newsPlan(heard)
    heard = []
    if (plan.all) reader.all()
    else reader.some(plan.changed, plan.removed)
  }
  for (;;) {
    await seen()
    const hidden = whenHidden()
    const options = {
      wake: reach.wake,
      onLine: ({ state }: { state: 'open' | 'lost' }) => {
        if (hidden.aborted) return
        if (state === 'lost') reach.lost()
        else reader.all()
      },
    }
    try {
      for await (const news of client.feed(hidden, options)) {
        if (heard.push(...news) === news.length) setTimeout(read, TOGETHER_MS)
      }
    } catch (error) {
      // A server of before there was a feed: what it says is read when the page is looked at.
      if (!(error instanceof Refusal)) throw error
      reader.all()
      await left(hidden)
    }
  }
}

function seen(): Promise<void> {
  if (document.visibilityState === 'visible') return Promise.resolve()
  return new Promise((resolve) => {
    const stop = new AbortController()
    const look = () => {
      if (document.visibilityState !== 'visible') return
      stop.abort()
      resolve()
    }
    document.addEventListener('visibilitychange', look, { signal: stop.signal })
  })
}

function whenHidden(): AbortSignal {
  const stop = new AbortController()
  const look = () => {
    if (document.visibilityState === 'hidden') stop.abort()
  }
  document.addEventListener('visibilitychange', look, { signal: stop.signal })
  return stop.signal
}

const left = (hidden: AbortSignal): Promise<void> =>
  hidden.aborted
    ? Promise.resolve()
    : new Promise((resolve) => hidden.addEventListener('abort', () => resolve(), { once: true }))
