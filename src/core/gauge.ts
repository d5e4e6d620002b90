import type { EventOf } from '../wire/event.ts'
import type { Clock, ModelEvent } from './ports.ts'
import type { Measured } from './measured.ts'

/** Takes the time of one answer as its events pass. What the backend measured itself counts before what was seen from here. */
export class Gauge {
  readonly #clock: Clock
  #loading: number | null = null
  #loadMs: number | null = null
  #first: number | null = null
  #last = 0
  #usage: EventOf<'usage'> | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  see(batch: readonly ModelEvent[]): void {
    const now = this.#clock.now()
    for (const event of batch) {
      if (event.type === 'phase' && event.phase === 'loading') this.#loading ??= now
      else if (this.#loading !== null) this.#loadMs ??= now - this.#loading
      if (event.type === 'usage') this.#usage = event
      if (event.type !== 'text.delta' && event.type !== 'thought.delta') continue
      this.#first ??= now
      this.#last = now
    }
  }

  /** How many tokens the backend really read; null if it did not tell. */
  get tokensRead(): number | null {
    return this.#usage && this.#usage.input - this.#usage.cached
  }

  get measured(): Measured {
    const measured: Measured = {}
    const usage = this.#usage
    const loadMs = usage?.loadMs ?? this.#loadMs
    if (loadMs !== null) measured.loadMs = loadMs
    if (usage === null) return measured
    if (usage.prefillMs) measured.read = { tokens: usage.input - usage.cached, ms: usage.prefillMs }
    const ms = usage.decodeMs ?? (this.#first === null ? 0 : this.#last - this.#first)
    if (ms > 0) measured.write = { tokens: usage.output, ms }
    return measured
  }
}
