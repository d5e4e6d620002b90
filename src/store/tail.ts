import type { Entry } from '../wire/event.ts'

const CHARS = 64 * 1024
const ENDED = 16

type Batch = { entries: readonly Entry[]; chars: number }
type Tail = { batches: Batch[]; chars: number; first: number; last: number; ended: boolean }

/**
 * The newest batches of the logs that are written here, so that readers at the tip share one array and touch no disk. A cache: what it
 * does not hold is read from the ledger.
 */
export class Tails {
  readonly #tails = new Map<string, Tail>()
  readonly #ended = new Set<string>()

  /** Only what is durable may be put here. */
  push(run: string, entries: readonly Entry[], chars: number, ended: boolean): void {
    const first = entries[0]!.at
    const last = entries.at(-1)!.at
    let tail = this.#tails.get(run)
    if (tail !== undefined && first <= tail.last) return
    if (tail === undefined || tail.last + 1 !== first) {
      tail = { batches: [], chars: 0, first, last, ended: false }
      this.#tails.set(run, tail)
    }
    tail.batches.push({ entries, chars })
    tail.chars += chars
    tail.last = last
    if (tail.chars > CHARS) shorten(tail)
    if (ended) this.#end(run, tail)
  }

  /** The batch that goes on after `after`; 'tip' if nothing does yet, 'end' if nothing ever will, null if the ledger must be asked. */
  after(run: string, after: number): readonly Entry[] | 'tip' | 'end' | null {
    const tail = this.#tails.get(run)
    if (tail === undefined) return null
    if (after >= tail.last) return tail.ended ? 'end' : 'tip'
    if (after + 1 < tail.first) return null
    // Readers are nearly always at the last batch.
    for (let i = tail.batches.length - 1; i >= 0; i--) {
      const { entries } = tail.batches[i]!
      const first = entries[0]!.at
      if (first > after + 1) continue
      return first === after + 1 ? entries : entries.slice(after + 1 - first)
    }
    return null
  }

  forget(run: string): void {
    this.#tails.delete(run)
    this.#ended.delete(run)
  }

  clear(): void {
    this.#tails.clear()
    this.#ended.clear()
  }

  #end(run: string, tail: Tail): void {
    tail.ended = true
    this.#ended.add(run)
    if (this.#ended.size > ENDED) this.forget(this.#ended.values().next().value!)
  }
}

/** Drops to half of the limit at once, so that dropping is rare. The newest batch always stays. */
function shorten(tail: Tail): void {
  let gone = 0
  while (gone < tail.batches.length - 1 && tail.chars > CHARS / 2) tail.chars -= tail.batches[gone++]!.chars
  tail.batches.splice(0, gone)
  tail.first = tail.batches[0]!.entries[0]!.at
}
