import type { Prompt } from './measured.ts'

/** How many are remembered, by endpoint, model and agent: those that were learnt last. */
const MOST = 1000
/** Of the newest so many the usual one is expected, so that one that was told something else, or was cold, spoils nothing. */
const NEWEST = 3
/** Who reads so much of what it could hold was cold. */
const COLD = 0.5

/** Which share of what a backend may hold of a prompt it really reads again. In memory only: after a restart nobody knows what it holds. */
export class Reading {
  readonly #shares = new Map<string, readonly number[]>()

  expect(key: string, prompt: Prompt): number {
    return prompt.fresh + this.#share(key, prompt) * prompt.rest
  }

  learn(key: string, prompt: Prompt, read: number): void {
    if (prompt.rest <= 0 || !(read >= 0)) return
    const at = keyOf(key, prompt)
    const share = Math.max(0, read - prompt.fresh) / prompt.rest
    const before = this.#shares.get(at) ?? []
    this.#shares.delete(at)
    this.#shares.set(at, [...before, share].slice(-NEWEST))
    for (const oldest of this.#shares.keys()) {
      if (this.#shares.size <= MOST) break
      this.#shares.delete(oldest)
    }
  }

  #share(key: string, prompt: Prompt): number {
    const shares = this.#shares.get(keyOf(key, prompt))
    // A conversation that goes on is in the backend's cache most likely; what nobody has begun before is in none.
    if (shares === undefined) return prompt.begins ? 1 : 0
    const [only = 0] = shares
    if (shares.length === 1) return prompt.begins && only > COLD ? 0 : only
    return shares.toSorted((a, b) => a - b)[Math.floor((shares.length - 1) / 2)] ?? only
  }
}

const keyOf = (key: string, { agent, begins }: Prompt) => `${begins ? 'first' : 'later'} ${agent} ${key}`
