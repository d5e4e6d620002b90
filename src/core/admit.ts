import type { RunId, SessionId } from '../wire/id.ts'
import type { Priority } from '../wire/message.ts'
import type { Clock } from './ports.ts'

/** An endpoint that would do, with the slots that it is known to have now. */
export type Place = { endpoint: string; slots: number }
/** `place` 1 is next. `etaMs` until its turn comes, as it is estimated; null if nothing is known to estimate by. */
export type Standing = { place: number; of: number; etaMs: number | null }
export type Entrant = {
  run: RunId
  session: SessionId
  priority: Priority
  /** Where it may be served, best first; asked again each time that it matters, for slots come and go. */
  places: () => readonly Place[]
  /** How long it will take at an endpoint, as it is estimated. */
  expectMs: (endpoint: string) => number | null
  /** Told at once when it must wait, and then what has changed. */
  report: (standing: Standing) => void
  signal: AbortSignal
}
export type Admitted = { endpoint: string; leave: () => void }

type Waiter = Entrant & { enter: (endpoint: string) => void }

/** The slots of each endpoint and who waits for one. */
export class Admission {
  readonly #busy = new Map<string, number>()
  #waiting: Waiter[] = []

  constructor(_given: { clock: Clock }) {}

  /** Resolves once there is a slot, or with null when its signal aborts first. The slot is given back by `leave`. */
  enter(entrant: Entrant): Promise<Admitted | null> {
    if (entrant.signal.aborted) return Promise.resolve(null)
    return new Promise((resolve) => {
      const onAbort = () => {
        this.#waiting = this.#waiting.filter((w) => w !== waiter)
        resolve(null)
        this.#tell()
      }
      const waiter: Waiter = {
        ...entrant,
        enter: (endpoint) => {
          entrant.signal.removeEventListener('abort', onAbort)
          this.#busy.set(endpoint, this.standing(endpoint).busy + 1)
          let left = false
          const leave = () => {
            if (left) return
            left = true
            this.#busy.set(endpoint, this.standing(endpoint).busy - 1)
            this.#advance()
          }
          resolve({ endpoint, leave })
        },
      }
      entrant.signal.addEventListener('abort', onAbort, { once: true })
      this.#waiting.push(waiter)
      this.#advance()
    })
  }

  /** How many are at work at an endpoint, and how many wait for it. */
  standing(endpoint: string): { busy: number; waiting: number } {
    const waiting = this.#waiting.filter((w) => w.places().some((place) => place.endpoint === endpoint)).length
    return { busy: this.#busy.get(endpoint) ?? 0, waiting }
  }

  #advance(): void {
    for (const waiter of this.#waiting.slice()) {
      const free = waiter.places().find(({ endpoint, slots }) => (this.#busy.get(endpoint) ?? 0) < slots)
      if (!free) continue
      this.#waiting = this.#waiting.filter((w) => w !== waiter)
      waiter.enter(free.endpoint)
    }
    this.#tell()
  }

  #tell(): void {
    for (const [i, waiter] of this.#waiting.entries())
      waiter.report({ place: i + 1, of: this.#waiting.length, etaMs: null })
  }
}
