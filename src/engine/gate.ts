/**
 * Lets one conversation change the context while the others hold still between two of their steps. Without it, whoever needs the library's
 * lock on the context waits until the others have written their last word: each of their steps begins before the lock is free.
 */
export class Gate {
  #inside = 0
  #open = Promise.withResolvers<void>()

  /** To be awaited before each step. */
  async pass(): Promise<void> {
    while (this.#inside > 0) await this.#open.promise
  }

  /** Runs the work while the gate is closed for all others. */
  async alone(work: () => Promise<void>): Promise<void> {
    if (this.#inside === 0) this.#open = Promise.withResolvers()
    this.#inside += 1
    try {
      await work()
    } finally {
      this.#inside -= 1
      if (this.#inside === 0) this.#open.resolve()
    }
  }
}
