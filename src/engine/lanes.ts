import type { LlamaContextSequence, Token } from 'node-llama-cpp'

export type Lane = {
  id: number
  sequence: LlamaContextSequence
  busy: boolean
  /** Of the answer that is made there, by which whoever asked for it knows it again. */
  seed: number | null
  held: readonly Token[]
  used: number
}
type Waiter = { tokens: readonly Token[]; take: (lane: Lane) => void; moved: (place: number, of: number) => void }

/**
 * The sequences of the context, lent to one request each; who finds none free waits in order. Of the free ones that is chosen which costs
 * least: tokens to read now, and half of what another conversation would have to read again.
 */
export class Lanes {
  readonly all: readonly Lane[]
  #waiting: Waiter[] = []
  #turns = 0

  constructor(sequences: readonly LlamaContextSequence[]) {
    this.all = sequences.map((sequence, id) => ({ id, sequence, busy: false, seed: null, held: [], used: 0 }))
  }

  /** `moved` is told the place in the queue, 1 being next, each time it changes. Rejects when the signal aborts. */
  take(tokens: readonly Token[], moved: Waiter['moved'], signal: AbortSignal): Promise<Lane> {
    signal.throwIfAborted()
    const lane = this.#choose(tokens)
    if (lane !== null) return Promise.resolve(this.#lend(lane))
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((w) => w !== waiter)
        this.#tellAll()
        reject(signal.reason)
      }
      const waiter: Waiter = {
        tokens,
        moved,
        take: (lane) => {
          signal.removeEventListener('abort', leave)
          resolve(lane)
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(waiter)
      this.#tellAll()
    })
  }

  give(lane: Lane): void {
    lane.busy = false
    lane.seed = null
    lane.held = lane.sequence.contextTokens
    const next = this.#waiting.shift()
    if (next === undefined) return
    next.take(this.#lend(this.#choose(next.tokens) ?? lane))
    this.#tellAll()
  }

  #lend(lane: Lane): Lane {
    lane.busy = true
    lane.used = ++this.#turns
    return lane
  }

  #tellAll(): void {
    this.#waiting.forEach((waiter, i) => waiter.moved(i + 1, this.#waiting.length))
  }

  #choose(tokens: readonly Token[]): Lane | null {
    const cost = (lane: Lane) => {
      const common = commonPrefix(lane.held, tokens)
      return tokens.length - common + (lane.held.length - common) / 2
    }
    let best: { lane: Lane; cost: number } | null = null
    for (const lane of this.all) {
      if (lane.busy) continue
      const here = cost(lane)
      if (best === null || here < best.cost || (here === best.cost && lane.used < best.lane.used))
        best = { lane, cost: here }
    }
    return best?.lane ?? null
  }
}

export function commonPrefix(a: readonly Token[], b: readonly Token[]): number {
  const most = Math.min(a.length, b.length)
  let n = 0
  while (n < most && a[n] === b[n]) n += 1
  return n
}
