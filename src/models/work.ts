import { randomInt } from 'node:crypto'

const MOST_LEFT = 64

/**
 * The streams that this process has open at one endpoint. Each is sent with a seed of its own: it makes an answer no less random, and
 * by it a llama.cpp server shows which of its slots work for us.
 */
export class Work {
  #open = 0
  /** Of streams that were closed before their end, and not seen gone since. */
  readonly left = new Set<number>()

  get open(): number {
    return this.#open
  }
  begin(): { seed: number; end: (whole: boolean) => void } {
    const seed = randomInt(1, 2 ** 31)
    this.#open++
    let ended = false
    return {
      seed,
      end: (whole) => {
        if (ended) return
        ended = true
        this.#open--
        if (whole) return
        this.left.add(seed)
        // Nobody need ask whether they are gone.
        for (const oldest of this.left) if (this.left.size > MOST_LEFT) this.left.delete(oldest)
      },
    }
  }
}
