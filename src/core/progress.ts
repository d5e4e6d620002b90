import type { EventOf, Phase } from '../wire/event.ts'
import type { Speed } from '../wire/model.ts'
import { expectLoadMs, restMs } from './expect.ts'
import type { ModelEvent } from './ports.ts'

type PhaseEvent = EventOf<'phase'>
type Known = { speed: Speed | null; toRead: number | null; bytes: number | null }
/** Numbers of a phase, and when they were true; `pace` is what comes to `done` in a millisecond. */
type Mark = { done: number; total: number | undefined; unit: string | undefined; at: number; pace: number | null }

/** How far an answer is: what the backend told, and what may be said of it until it tells more. */
export class Progress {
  readonly #known: Known
  #phase: Phase = 'starting'
  /** Whether the phase that is on was told of. */
  #named = false
  #since: number
  #model: string | undefined
  #first: Mark | null = null
  #newest: Mark | null = null
  /** The largest step from one number that the backend told to the next: it would have told of more. */
  #stride = 0
  /** The `done` that was shown last in this phase. */
  #shown = 0
  #said = { thinking: 0, answering: 0 }

  constructor(known: Known, now: number) {
    this.#known = known
    this.#since = now
  }

  /** Learns from a batch, and gives it back: the same, but for a time that is added to numbers, and numbers to a phase that is only repeated. */
  heard(batch: readonly ModelEvent[], now: number): readonly ModelEvent[] {
    let better: ModelEvent[] | null = null
    let i = -1
    for (const event of batch) {
      i++
      switch (event.type) {
        case 'text.delta':
          if (event.text === '') break
          this.#enter('answering', now)
          this.#said.answering += event.text.length
          break
        case 'thought.delta':
          if (event.text === '') break
          this.#enter('thinking', now)
          this.#said.thinking += event.text.length
          break
        case 'phase': {
          const told = this.#told(event, now)
          if (told !== event) (better ??= [...batch])[i] = told
          break
        }
        case 'tool.call':
          this.#enter('calling', now)
          break
        case 'model.open':
          if (this.#phase === 'starting') this.#enter('reading', now)
          break
        case 'usage':
        case 'model.end':
        case 'model.fail':
          break
      }
    }
    return better ?? batch
  }

  /** What may be said now of the phase that is on. It never runs back behind what was shown, and reaches no total that was not told. */
  guess(now: number): PhaseEvent {
    const event: PhaseEvent = { type: 'phase', phase: this.#phase, ...this.#numbers(now), estimated: true }
    if (this.#model !== undefined) event.model = this.#model
    this.#shown = event.done ?? 0
    this.#named = true
    return event
  }

  #enter(phase: Phase, now: number): void {
    if (phase === this.#phase) return
    this.#phase = phase
    this.#named = false
    this.#since = now
    this.#model = undefined
    this.#first = this.#newest = null
    this.#stride = this.#shown = 0
  }

  #told(event: PhaseEvent, now: number): PhaseEvent {
    this.#enter(event.phase, now)
    const again = this.#named
    this.#named = true
    this.#model = event.model ?? this.#model
    const { done, total, unit, etaMs } = event
    if (done === undefined) return again && etaMs === undefined ? this.guess(now) : event
    this.#shown = done
    const pace = total !== undefined && etaMs !== undefined && etaMs > 0 && done < total ? (total - done) / etaMs : null
    const mark = { done, total, unit, at: now, pace }
    if (this.#newest) this.#stride = Math.max(this.#stride, done - this.#newest.done)
    this.#first ??= mark
    this.#newest = mark
    const known = this.#pace(mark)
    if (event.phase !== 'reading' || total === undefined || etaMs !== undefined || known === null) return event
    return { ...event, etaMs: Math.round((total - done) / known) }
  }

  /** As the backend told it, else as it was in this very answer, else as this machine remembers it. */
  #pace(mark: Mark): number | null {
    if (mark.pace !== null) return mark.pace
    const first = this.#first
    if (first && mark.at > first.at && mark.done > first.done) return (mark.done - first.done) / (mark.at - first.at)
    const read = this.#known.speed?.read
    return this.#phase === 'reading' && read ? read / 1000 : null
  }

  #numbers(now: number): Partial<PhaseEvent> {
    const { speed, toRead, bytes } = this.#known
    const elapsed = now - this.#since
    switch (this.#phase) {
      case 'thinking':
      case 'answering':
        return { done: this.#said[this.#phase], unit: 'characters' }
      case 'loading': {
        if (this.#newest) return this.#further(this.#newest, now)
        const expected = expectLoadMs(speed, bytes)
        if (expected === null) return seconds(elapsed)
        const rest = restMs(expected, elapsed)
        const { done, unit } = seconds(elapsed)
        return { done, total: Math.max(done + 1, Math.round((elapsed + rest) / 1000)), unit, etaMs: Math.round(rest) }
      }
      case 'reading': {
        if (this.#newest) return this.#further(this.#newest, now)
        if (toRead === null || toRead < 1 || !speed?.read) return seconds(elapsed)
        const from = { done: 0, total: Math.round(toRead), unit: 'tokens', at: this.#since, pace: null }
        return this.#further(from, now)
      }
      case 'queued':
      case 'starting':
      case 'calling':
      case 'asking':
      case 'saving':
        return seconds(elapsed)
    }
  }

  /** From numbers on, at the pace that is known. */
  #further(mark: Mark, now: number): Partial<PhaseEvent> {
    const { done, total, at } = mark
    const unit = mark.unit === undefined ? {} : { unit: mark.unit }
    const pace = this.#pace(mark)
    if (total === undefined) return { done, ...unit }
    if (pace === null || done >= total) return { done, total, ...unit }
    // Seconds come with a tenth, all else is counted; time passes whatever the backend reports.
    const grain = mark.unit === 's' ? 0.1 : 1
    const most = Math.min(total - grain, grain === 1 && this.#stride > 0 ? done + this.#stride - 1 : Infinity)
    const reached = Math.floor(Math.min(done + pace * (now - at), most) / grain + 1e-6) * grain
    const etaMs = Math.round(restMs((total - done) / pace, now - at))
    return { done: Number(Math.max(done, reached, this.#shown).toFixed(1)), total, ...unit, etaMs }
  }
}

const seconds = (ms: number) => ({ done: Math.round(ms / 1000), unit: 's' })
