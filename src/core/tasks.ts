import type { Say } from './ports.ts'

/** The owner of every promise that nobody awaits. What fails in one is a bug: it is logged under the task's name. */
export class Tasks {
  readonly #open = new Set<Promise<void>>()
  readonly #say: Say

  constructor(say: Say) {
    this.#say = say
  }

  run(name: string, work: () => Promise<void>): void {
    const task = work()
      .catch((cause: unknown) => this.#say({ level: 'error', text: `${name} failed`, cause }))
      .finally(() => this.#open.delete(task))
    this.#open.add(task)
  }

  get size(): number {
    return this.#open.size
  }

  /** Resolves when nothing is under way, tasks begun meanwhile included. */
  async settled(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open)
  }
}
