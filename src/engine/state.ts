import { Gate } from './gate.ts'
import { Lanes } from './lanes.ts'
import type { Loaded } from './model.ts'
import type { EnginePhase } from './answer.ts'
import { refusal, type Ask, type Refusal } from './ask.ts'
import { prompter, type Prompt } from './prompt.ts'
import { expectedLoadMs } from './sizing.ts'

export type Ready = { loaded: Loaded; lanes: Lanes; gate: Gate; prompt: (ask: Ask) => Prompt }
/** A model to answer with, until `leave` is called: as long as somebody sits there it is not taken away. */
export type Seat = { ok: true; ready: Ready; leave: () => void } | { ok: false; error: Refusal | null }
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

  /** Waits until the model that is named can answer, and says each second what it waits for. No error if the signal aborted. */
  async seat(model: string | null, tell: (phase: EnginePhase) => void, signal: AbortSignal): Promise<Seat> {
    const say = () => tell({ phase: 'loading', ...this.loading(), unit: 's', estimated: true })
    const timer = setInterval(say, 950)
    const left = Promise.withResolvers<null>()
    signal.addEventListener('abort', () => left.resolve(null), { once: true })
    try {
      if (this.#ready === null) say()
      const ready = signal.aborted ? null : await Promise.race([this.ready, left.promise])
      return ready === null ? { ok: false, error: null } : { ok: true, ready, leave: () => undefined }
    } catch (cause) {
      return { ok: false, error: refusal(500, 'server_error', `${model}: ${String(cause)}`) }
    } finally {
      clearInterval(timer)
    }
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
