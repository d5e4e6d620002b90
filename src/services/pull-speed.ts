const WINDOW_MS = 8000
const APART_MS = 250

/** How fast something comes, over the last seconds, so that the number is steady and still true when nothing comes any more. */
export class PullSpeed {
  readonly #now: () => number
  #samples: { t: number; done: number }[] = []
  constructor(now: () => number) {
    this.#now = now
  }

  /** What was there already, or came from elsewhere, is no speed. */
  begin(done: number): void {
    this.#samples = [{ t: this.#now(), done }]
  }

  saw(done: number): void {
    const t = this.#now()
    const last = this.#samples.at(-1)
    if (last === undefined || done < last.done) return this.begin(done)
    const before = this.#samples.at(-2)
    // The newest is moved along until it is far enough from the one before it.
    if (before !== undefined && last.t - before.t < APART_MS) this.#samples.pop()
    this.#samples.push({ t, done })
    this.#forget(t)
  }

  of(total: number | null): { bytesPerSecond: number | null; secondsLeft: number | null } {
    const now = this.#now()
    this.#forget(now)
    const first = this.#samples[0]
    const last = this.#samples.at(-1)
    if (first === undefined || last === undefined || now - first.t < 500)
      return { bytesPerSecond: null, secondsLeft: null }
    const bytesPerSecond = ((last.done - first.done) * 1000) / (now - first.t)
    const secondsLeft = total === null || bytesPerSecond < 1 ? null : Math.max(0, total - last.done) / bytesPerSecond
    return { bytesPerSecond, secondsLeft }
  }
  #forget(now: number): void {
    while (this.#samples.length > 2 && (this.#samples[1]?.t ?? now) < now - WINDOW_MS) this.#samples.shift()
  }
}
