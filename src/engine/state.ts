import { Gate } from './gate.ts'
import { Lanes } from './lanes.ts'
import type { Loaded } from './model.ts'
import { prompter, type Prompt } from './prompt.ts'
import type { Ask } from './ask.ts'
import { expectedLoadMs } from './sizing.ts'

export type Ready = { loaded: Loaded; lanes: Lanes; gate: Gate; prompt: (ask: Ask) => Prompt }
export type Loading = { done: number; total: number; etaMs: number }

/** The model, as far as it has come. */
export class EngineState {
  readonly ready: Promise<Ready>
  #ready: Ready | null = null
  #began = performance.now()
  #expected: number

  constructor(load: Promise<Loaded>, bytes: number) {
    this.#expected = expectedLoadMs(bytes)
    this.ready = load.then((loaded) => {
      this.#ready = { loaded, lanes: new Lanes(loaded.sequences), gate: new Gate(), prompt: prompter(loaded.speech) }
      return this.#ready
    })
  }

  now(): Ready | null {
    return this.#ready
  }

  /** Seconds so far, and how many it takes by a guess from the size of the file; a mapped file gives no better measure. */
  loading(): Loading {
    const elapsed = performance.now() - this.#began
    const total = Math.max(this.#expected, elapsed * 1.05)
    const seconds = (ms: number) => Math.round(ms / 100) / 10
    return { done: seconds(elapsed), total: seconds(total), etaMs: Math.round(total - elapsed) }
  }
}
