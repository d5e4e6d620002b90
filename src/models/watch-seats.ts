import type { Clock, LocalEngine, Say } from '../core/ports.ts'
import { type Look, secretsOf } from './look.ts'
import { probe } from './probe.ts'
import type { ShownCache } from './probe-ollama.ts'
import { plain } from './refusal.ts'
import { settle, type WatchedSeat } from './seat.ts'

const PROBE_MS = 1500
const LOADING_MS = 1000
const MISSING_MS = 5000
const WELL_MS = 30_000

export type Offer = Awaited<ReturnType<LocalEngine['offer']>>
type Given = { seats: readonly WatchedSeat[]; engine: LocalEngine | null; clock: Clock; say: Say }

/**
 * Keeps what is known of the endpoints true: looks at all of them at once, then every few seconds at those that are missing and every half
 * minute at those that are well. An endpoint is never looked at twice at a time. `seats` may grow.
 */
export class SeatWatch {
  readonly #given: Given
  readonly #shown: ShownCache = new Map()
  readonly #closing = new AbortController()
  readonly #loop: Promise<void>
  #offer: Offer = []
  /** Where the engine was started, by base URL, and as what. */
  #started: { url: string; offer: Offer } | null = null
  #hurry = () => {}

  constructor(given: Given) {
    this.#given = given
    this.#loop = this.#watch()
  }

  /** What the engine would serve if it were started, as it was known last. */
  get offer(): Offer {
    return this.#offer
  }
  isEngine(seat: WatchedSeat): boolean {
    return seat.info.kind === 'engine' || (this.#started !== null && sameUrl(seat.spec.url, this.#started.url))
  }
  engineStarted(url: string): void {
    this.#started = { url, offer: this.#offer }
  }

  async refreshOffer(): Promise<Offer> {
    const { engine, say } = this.#given
    try {
      this.#offer = (await engine?.offer()) ?? []
    } catch (cause) {
      say({ level: 'error', text: 'what the engine has could not be found out', cause })
    }
    return this.#offer
  }

  /** Looks at a seat, or joins the look that is under way. */
  look(seat: WatchedSeat): Promise<void> {
    return (seat.looking ??= this.#look(seat).finally(() => (seat.looking = null)))
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([this.#loop, ...this.#given.seats.map(({ looking }) => looking)])
  }

  async #watch(): Promise<void> {
    const { seats } = this.#given
    const { signal } = this.#closing
    while (!signal.aborted) {
      await Promise.all([
        this.refreshOffer(),
        ...seats.filter((seat) => this.#isDue(seat)).map((seat) => this.look(seat)),
      ])
      await this.#pause(this.#interval())
    }
  }

  async #look(seat: WatchedSeat): Promise<void> {
    const { clock, say } = this.#given
    const late = new AbortController()
    const { suspect } = seat
    const cancel = clock.after(PROBE_MS, () => late.abort())
    try {
      const look = await probe(seat.spec, this.#shown, AbortSignal.any([late.signal, this.#closing.signal]))
      if (this.#closing.signal.aborted) return
      settle(seat, this.#named(seat, look), suspect, { clock, say })
      // What loads is looked at every second, also if this was learnt in the middle of a long pause.
      if (look.state === 'loading') this.#hurry()
    } catch (cause) {
      say({ level: 'error', text: `looking at ${seat.spec.name} failed`, cause })
    } finally {
      cancel()
    }
  }

  /** A llama-server that was started for the practice model does not know that it is one. What a server says of a key is not repeated. */
  #named(seat: WatchedSeat, look: Look): Look {
    if (look.state === 'down') return { ...look, why: plain(look.why, secretsOf(seat.spec)) }
    if (!this.#started?.offer[0]?.practice || look.ours || !sameUrl(seat.spec.url, this.#started.url)) return look
    return { ...look, models: look.models.map((model) => ({ ...model, practice: true })) }
  }

  #isDue({ seen, looking, suspect, info }: WatchedSeat): boolean {
    if (looking !== null) return false
    if (seen === null) return true
    const age = this.#given.clock.now() - seen
    return age >= (info.local && (suspect || info.state !== 'up') ? LOADING_MS : WELL_MS) * 0.9
  }

  #interval(): number {
    const { seats } = this.#given
    if (seats.some(({ info }) => info.state === 'loading')) return LOADING_MS
    if (seats.some(({ info }) => info.state === 'busy')) return MISSING_MS
    const real = seats.some(({ info }) => info.state === 'up' && info.models.some(({ practice }) => !practice))
    const named = seats.every(({ origin, info }) => origin !== 'configured' || info.state === 'up')
    return real && named ? WELL_MS : MISSING_MS
  }

  #pause(ms: number): Promise<void> {
    const { signal } = this.#closing
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const over = () => {
        this.#hurry = () => {}
        cancel()
        signal.removeEventListener('abort', over)
        resolve()
      }
      const cancel = this.#given.clock.after(ms, over)
      signal.addEventListener('abort', over)
      this.#hurry = over
    })
  }
}

export const sameUrl = (a: string, b: string): boolean => plainUrl(a) === plainUrl(b)
const plainUrl = (url: string) => url.replace('//localhost', '//127.0.0.1').replace(/\/+$/, '')
