import { randomInt } from 'node:crypto'

/** The streams that this process has open at one endpoint. */
export class Work {
  #open = 0

  get open(): number {
    return this.#open
  }
  begin(): () => void {
    let ended = false
    this.#open++
    return () => {
      if (!ended) this.#open--
      ended = true
    }
  }
}

/**
 * The streams of one choice. Each is sent with a seed of its own: it makes an answer no less random, and by it a llama.cpp server shows which
 * of its slots work for it.
 */
export class Streams {
  readonly #work: Work
  /** Of those that were closed before their end, and were not seen gone since. */
  readonly left = new Set<number>()

  constructor(work: Work) {
    this.#work = work
  }
  /** How many are open at the endpoint, those of others in this process among them. */
  get open(): number {
    return this.#work.open
  }
  begin(): { seed: number; end: (whole: boolean) => void } {
    const seed = randomInt(1, 2 ** 31)
    const close = this.#work.begin()
    return {
      seed,
      end: (whole) => {
        close()
        if (!whole) this.left.add(seed)
      },
    }
  }
}
