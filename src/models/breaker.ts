import type { Clock } from '../core/ports.ts'

const FAILURES = 3
const WITHIN_MS = 60_000
const FIRST_MS = 2000
const LONGEST_MS = 60_000
/** How long one that was let in to try may take to begin. */
const TRIAL_MS = 10_000

/**
 * Leaves an endpoint alone that answers when it is looked at, but fails when it is asked: after three failures within a minute for 2 s, then,
 * as long as it fails again at the one run that is let in to try, for twice as long each time, up to a minute.
 */
export class Breaker {
  readonly #clock: Clock
  #failures: number[] = []
  #pauseMs = 0
  #until = 0
  #trial: number | null = null
  #last = ''

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Whether it is being left alone, or one run tries it, and how that is told; null if it may be asked. `open` streams are under way there. */
  why(open: number): string | null {
    if (this.#pauseMs === 0) return null
    const now = this.#clock.now()
    if (now < this.#until) {
      const seconds = Math.max(1, Math.round((this.#until - now) / 1000))
      return `it failed again and again and is tried again in ${seconds} s (last: ${this.#last})`
    }
    return this.#trial !== null && (open > 0 || now - this.#trial < TRIAL_MS)
      ? `it failed again and again, and one run tries it now (last: ${this.#last})`
      : null
  }
  /** Whether the next run would be the one that tries it. */
  get halfOpen(): boolean {
    return this.#pauseMs > 0 && this.#clock.now() >= this.#until
  }
  tries(): void {
    this.#trial = this.#clock.now()
  }
  /** Returns for how many milliseconds it is left alone now, if that has just begun. */
  failed(why: string): number | null {
    const now = this.#clock.now()
    this.#last = why
    this.#failures = [...this.#failures.filter((at) => now - at < WITHIN_MS), now].slice(-FAILURES)
    const tried = this.#trial !== null
    this.#trial = null
    if (this.#pauseMs > 0 ? !tried : this.#failures.length < FAILURES) return null
    this.#pauseMs = Math.min(LONGEST_MS, this.#pauseMs === 0 ? FIRST_MS : this.#pauseMs * 2)
    this.#until = now + this.#pauseMs
    return this.#pauseMs
  }
  /** Returns whether it had been left alone. */
  worked(): boolean {
    const before = this.#pauseMs > 0
    this.#failures = []
    this.#pauseMs = 0
    this.#trial = null
    return before
  }
}
