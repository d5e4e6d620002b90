import type { RunId } from '../wire/id.ts'

type Waiter = { run: RunId; report: (place: number, of: number) => void; enter: () => void }
type Line = { slots: number; busy: number; waiting: Waiter[] }

/** The slots of each endpoint and who waits for one, in the order they came. */
export class Admission {
  readonly #lines = new Map<string, Line>()

  /**
   * Resolves with the function that gives the slot back, once there is one. While it waits, `report` is told its place (1 is next) and
   * how many wait, at once and whenever that changes. Resolves with null when `signal` aborts first.
   */
  enter(
    endpoint: string,
    slots: number,
    run: RunId,
    report: Waiter['report'],
    signal: AbortSignal,
  ): Promise<(() => void) | null> {
    if (signal.aborted) return Promise.resolve(null)
    const line = this.#lines.get(endpoint) ?? { slots, busy: 0, waiting: [] }
    this.#lines.set(endpoint, line)
    line.slots = slots
    const leave = once(() => {
      line.busy--
      this.#advance(endpoint, line)
    })
    if (line.busy < line.slots && line.waiting.length === 0) {
      line.busy++
      return Promise.resolve(leave)
    }
    return new Promise((resolve) => {
      const onAbort = () => {
        line.waiting = line.waiting.filter((w) => w !== waiter)
        resolve(null)
        this.#tell(line)
      }
      const waiter: Waiter = {
        run,
        report,
        enter: () => {
          signal.removeEventListener('abort', onAbort)
          line.busy++
          resolve(leave)
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      line.waiting.push(waiter)
      this.#tell(line)
    })
  }

  #advance(endpoint: string, line: Line): void {
    while (line.busy < line.slots && line.waiting.length > 0) line.waiting.shift()!.enter()
    if (line.busy === 0 && line.waiting.length === 0) this.#lines.delete(endpoint)
    else this.#tell(line)
  }

  #tell(line: Line): void {
    for (const [i, waiter] of line.waiting.entries()) waiter.report(i + 1, line.waiting.length)
  }
}

function once(call: () => void): () => void {
  let done = false
  return () => {
    if (done) return
    done = true
    call()
  }
}
