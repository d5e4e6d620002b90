/**
 * Keeps the conversations of one context in step. Those that write set off together, so that the library decodes a token of each in one
 * batch: left alone, each would set off as soon as its own token came, just too late for the batch of the others. And it lets one
 * conversation change the context while the others hold still: else, whoever needs the library's lock on the context would wait until the others have
 * written their last word.
 */
export class Gate {
  #inside = 0
  #open = Promise.withResolvers<void>()
  #out = 0
  #home = Promise.withResolvers<void>()

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

  /** Writes one token, at the same time as the others that write. */
  async together<T>(step: () => Promise<T>): Promise<T> {
    // Not in a loop: all that were waited for are back, and the first to set off again must not make the rest wait for it.
    if (this.#out > 0) await this.#home.promise
    await this.pass()
    if (this.#out === 0) this.#home = Promise.withResolvers()
    this.#out += 1
    try {
      return await step()
    } finally {
      this.#out -= 1
      if (this.#out === 0) this.#home.resolve()
    }
  }
}
