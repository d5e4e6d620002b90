/** Wakes whoever waits for a key. It carries no truth: who is woken looks for itself, and a ring too many or too few changes nothing. */
export class Bell {
  readonly #listeners = new Map<string, Set<() => void>>()
  readonly #attend: () => () => void
  #leave: (() => void) | null = null
  #count = 0

  /** `attend` is called when the first listener comes, and its result when the last one leaves. */
  constructor(attend: () => () => void) {
    this.#attend = attend
  }

  get listeners(): number {
    return this.#count
  }

  /** The result ends it, and may be called twice. */
  listen(key: string, call: () => void): () => void {
    const set = this.#listeners.get(key) ?? new Set()
    this.#listeners.set(key, set)
    const listener = () => call()
    set.add(listener)
    if (++this.#count === 1) this.#leave = this.#attend()
    return () => {
      if (!set.delete(listener)) return
      if (set.size === 0 && this.#listeners.get(key) === set) this.#listeners.delete(key)
      if (--this.#count > 0) return
      this.#leave?.()
      this.#leave = null
    }
  }

  ring(key: string): void {
    const set = this.#listeners.get(key)
    if (set !== undefined) for (const call of set) call()
  }

  ringAll(): void {
    for (const key of this.#listeners.keys()) this.ring(key)
  }
}

/** One who waits: a ring before the wait is not lost. */
export class Waiter {
  #rung = false
  #wake: (() => void) | null = null

  ring = (): void => {
    this.#rung = true
    this.#wake?.()
  }

  /** Forgets earlier rings. Called before looking, so that a ring between looking and waiting counts. */
  arm(): void {
    this.#rung = false
  }

  async rung(): Promise<void> {
    if (!this.#rung)
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    this.#wake = null
  }
}
