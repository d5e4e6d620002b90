import type { Client } from '../../client/client.ts'
import { backoffMs, pause, type Wake } from '../../client/pause.ts'
import { Unreachable } from '../../client/refusal.ts'
import { cell, type Cell } from './cell.ts'
import { own } from './own.ts'

export type ServerState = { state: 'here' } | { state: 'lost'; since: number; attempt: number; again: number | null }

export type Reach = {
  server: Cell<ServerState>
  /** The server is of another version than the page that it served, or has another page by now. */
  renewed: Cell<boolean>
  /** That of the server, as it said last. */
  version: Cell<string | null>
  saw: (version: string) => void
  /** Somebody waits unusually long for an answer: the server is asked whether it is there at all. */
  doubt: () => void
  /** Calls each time the server is back after it was away; the result ends that. */
  onReturn: Wake
  /** Somebody got no answer. Asks the server until it is back; everyone who waits is woken then. */
  lost: () => void
  /** Resolves once the server answers; at once if it does. */
  back: () => Promise<void>
  tryNow: () => void
  wake: Wake
  /** The call again and again until the server is there to answer it; refusals pass through. */
  surely: <T>(call: () => Promise<T>, onLost?: () => void) => Promise<T>
}

const FIRST_MS = 1500
const TICK_MS = 5000

export function reachOf(client: Client): Reach {
  const server = cell<ServerState>({ state: 'here' })
  const renewed = cell(false)
  const version = cell<string | null>(null)
  let first: string | null = null
  const saw = (now: string) => {
    first ??= now
    version.set(now)
    if (now !== first) renewed.set(true)
  }
  const bells = new Set<() => void>()
  const ring = () => {
    for (const bell of bells) bell()
  }
  const wake: Wake = (bell) => {
    bells.add(bell)
    return () => bells.delete(bell)
  }
  addEventListener('online', ring)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') ring()
  })

  // A timer that is this late has slept with its machine: every line is dead, although nothing said so.
  let ticked = Date.now()
  setInterval(() => {
    const slept = Date.now() - ticked > 3 * TICK_MS
    ticked = Date.now()
    if (slept) ring()
  }, TICK_MS)

  const returns = new Set<() => void>()
  let search: Promise<void> | null = null
  const look = async (): Promise<void> => {
    const since = Date.now()
    const forever = new AbortController().signal
    for (let attempt = 1; ; attempt++) {
      const ms = backoffMs(attempt, Math.random)
      server.set({ state: 'lost', since, attempt, again: Date.now() + ms })
      await pause(ms, wake, forever)
      server.set({ state: 'lost', since, attempt, again: null })
      // What answers at all does so soon; that it doesn't is said before it is asked more patiently.
      const health = await answered(client.call('health', {}, AbortSignal.timeout(attempt === 1 ? FIRST_MS : 4000)))
      if (health === null) continue
      saw(health.version)
      server.set({ state: 'here' })
      if (attempt > 1) for (const call of returns) call()
      return
    }
  }
  const back = (): Promise<void> => search ?? Promise.resolve()
  const lost = () => {
    search ??= look().finally(() => {
      search = null
      ring()
    })
  }
  let doubting = false
  const ask = async (): Promise<void> => {
    if (doubting || search !== null) return
    doubting = true
    if ((await answered(client.call('health', {}, AbortSignal.timeout(FIRST_MS)))) === null) lost()
    doubting = false
  }
  return {
    server,
    renewed,
    version,
    saw,
    doubt: () => own(ask()),
    onReturn: (call) => {
      returns.add(call)
      return () => returns.delete(call)
    },
    lost,
    back,
    tryNow: ring,
    wake,
    surely: async (call, onLost) => {
      for (;;) {
        try {
          return await call()
        } catch (error) {
          if (!(error instanceof Unreachable)) throw error
          lost()
          onLost?.()
          await back()
        }
      }
    },
  }
}

/** Any failure means the same here: not yet. */
const answered = <T>(call: Promise<T>): Promise<T | null> => call.catch(() => null)
