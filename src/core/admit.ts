import type { RunId, SessionId } from '../wire/id.ts'
import type { Priority } from '../wire/message.ts'
import type { Clock } from './ports.ts'
import { inOrder, standings, type Place, type Standing, type Working } from './queue.ts'

export type { Place, Standing }
export type Entrant = {
  run: RunId
  session: SessionId
  priority: Priority
  /** Where it may be served, best first; asked again each time that it matters, for slots come and go. */
  places: () => readonly Place[]
  /** How long it will take at an endpoint, as it is estimated; asked again while it works there. */
  expectMs: (endpoint: string) => number | null
  /** Told at once when it must wait, then what has changed, and each second if it is not far back: a sign of life. */
  report: (standing: Standing) => void
  signal: AbortSignal
}
export type Admitted = { endpoint: string; leave: () => void }

/** The first so many are told of every change at once. */
const NEAR = 10
/** So that not even a late timer makes it more than a second. */
const TICK = 950
/** Who is further back than this is told less than once a second: what a long queue is told in all must not grow with its square. */
const FAR = 20
/** A round with so many sessions begins anew, although none of them had another turn. */
const ROUND = 1000

type Waiter = Omit<Entrant, 'places'> & {
  places: readonly Place[]
  ask: Entrant['places']
  since: number
  told: { standing: Standing; at: number } | null
  admit: (admitted: Admitted) => void
  fail: (cause: unknown) => void
}

/** The slots of each endpoint, who works there and who waits for one. */
export class Admission {
  readonly #clock: Clock
  readonly #working = new Map<string, Set<Working>>()
  /** Who had its turn in this round; it ends when one of them has another. */
  readonly #rounds = new Map<string, Set<SessionId>>()
  /** In the order of arrival. */
  #waiting: Waiter[] = []
  #cancelTick: (() => void) | null = null

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock
  }

  /** Resolves once there is a slot, or at once with null when its signal aborts first. The slot is given back by `leave`, once. */
  enter({ places, ...entrant }: Entrant): Promise<Admitted | null> {
    const { signal } = entrant
    if (signal.aborted) return Promise.resolve(null)
    return new Promise((resolve, reject) => {
      const gone = () => {
        this.#drop(waiter)
        resolve(null)
        this.#look()
      }
      const waiter: Waiter = {
        ...entrant,
        places: [],
        ask: places,
        since: this.#clock.now(),
        told: null,
        admit: (admitted) => {
          signal.removeEventListener('abort', gone)
          resolve(admitted)
        },
        fail: (cause) => {
          signal.removeEventListener('abort', gone)
          reject(cause)
        },
      }
      signal.addEventListener('abort', gone, { once: true })
      this.#waiting.push(waiter)
      this.#look()
    })
  }

  /** How many are at work at an endpoint, and how many wait for it. */
  standing(endpoint: string): { busy: number; waiting: number } {
    const waiting = this.#waiting.filter((w) => w.ask().some((place) => place.endpoint === endpoint)).length
    return { busy: this.#busy(endpoint), waiting }
  }

  /** Lets in who may come in, and tells the others. */
  #look(second = false): void {
    for (const waiter of this.#waiting) waiter.places = waiter.ask()
    const now = this.#clock.now()
    let order = this.#order(now)
    for (;;) {
      // Who has aborted is about to go: it must not take a slot on its way.
      const next = order.find((w) => !w.signal.aborted && this.#free(w) !== undefined)
      if (next === undefined) break
      this.#admit(next, this.#free(next)!.endpoint, now)
      order = this.#order(now)
    }
    this.#tell(order, now, second)
    if (this.#waiting.length === 0) {
      this.#cancelTick?.()
      this.#cancelTick = null
    } else
      this.#cancelTick ??= this.#clock.after(TICK, () => {
        this.#cancelTick = null
        this.#look(true)
      })
  }

  #admit(waiter: Waiter, endpoint: string, now: number): void {
    this.#drop(waiter)
    const work = { since: now, expectMs: waiter.expectMs }
    const working = this.#working.get(endpoint) ?? new Set()
    this.#working.set(endpoint, working.add(work))
    const round = this.#rounds.get(endpoint)
    if (round && round.size < ROUND && !round.has(waiter.session)) round.add(waiter.session)
    else this.#rounds.set(endpoint, new Set([waiter.session]))
    const leave = () => {
      if (!working.delete(work)) return
      this.#look()
      if (working.size > 0) return
      this.#working.delete(endpoint)
      this.#rounds.delete(endpoint)
    }
    waiter.admit({ endpoint, leave })
  }

  #tell(order: readonly Waiter[], now: number, second: boolean): void {
    for (const [i, standing] of standings(order, (e) => this.#working.get(e) ?? [], now).entries()) {
      const waiter = order[i]!
      if (!isNews(waiter.told, standing, now, second)) continue
      waiter.told = { standing, at: now }
      try {
        waiter.report(standing)
      } catch (cause) {
        // Its own bug must not be another's, who only left.
        this.#drop(waiter)
        waiter.fail(cause)
      }
    }
  }

  #order(now: number): Waiter[] {
    return inOrder(this.#waiting, (endpoint, session) => this.#rounds.get(endpoint)?.has(session) ?? false, now)
  }

  #free(waiter: Waiter): Place | undefined {
    return waiter.places.find(({ endpoint, slots }) => this.#busy(endpoint) < slots)
  }

  #busy(endpoint: string): number {
    return this.#working.get(endpoint)?.size ?? 0
  }

  #drop(waiter: Waiter): void {
    this.#waiting = this.#waiting.filter((w) => w !== waiter)
  }
}

function isNews(told: Waiter['told'], standing: Standing, now: number, second: boolean): boolean {
  if (told === null) return true
  const { place, of, etaMs } = told.standing
  const moved = place !== standing.place || of !== standing.of
  if (!moved && etaMs === standing.etaMs) return second && standing.place <= FAR
  if (!second) return moved && standing.place <= NEAR
  return standing.place <= FAR || now - told.at > (TICK * standing.place) / FAR - TICK / 2
}
