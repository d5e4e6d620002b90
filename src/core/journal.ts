import type { Entry, RunEvent } from '../wire/event.ts'
import { EMPTY, fold, foldAll, type Draft } from '../wire/fold.ts'
import { offset, type RunId } from '../wire/id.ts'
import type { NewAsk } from './act-ports.ts'
import { StopAsked, type Claim, type Clock, type RunLog, type Settled, type Store } from './ports.ts'

/** A delta grows no longer than this while it waits, so that an entry stays small enough to be read in one piece. */
const MERGE_LIMIT = 8 * 1024
/** More characters than this in waiting, and a writer should wait for the log. */
const FULL = 256 * 1024

/**
 * A run's pen. Events become entries at once, in order; one append is in flight at a time, and what is written meanwhile joins the next:
 * coalescing without a timer, so that the first token never waits. Neighbouring deltas that wait become one.
 */
export class Journal {
  readonly #claim: Claim
  readonly #log: RunLog & Store
  readonly #clock: Clock
  readonly #zero: number
  #draft: Draft
  #waiting: Entry[] = []
  #size = 0
  #flight: Promise<void> | null = null
  #broken: { cause: unknown } | null = null
  /** Aborts when the log refused an append: this writer is no longer the run's, or the store can't write. */
  readonly #end = new AbortController()

  /** `before` is what the log holds already. */
  constructor(deps: { claim: Claim; store: RunLog & Store; clock: Clock; before?: readonly Entry[] }) {
    this.#claim = deps.claim
    this.#log = deps.store
    this.#clock = deps.clock
    this.#draft = foldAll(EMPTY, deps.before ?? [])
    // Wall time counts the pause of a restart; from here on a clock that never goes back.
    this.#zero = deps.clock.now() - Math.max(this.#draft.t, deps.clock.wall() - deps.claim.submitted, 0)
  }

  get run(): RunId {
    return this.#claim.run
  }

  get draft(): Draft {
    return this.#draft
  }

  get broken(): AbortSignal {
    return this.#end.signal
  }

  /** Whether a writer should await `flushed` before it writes on. */
  get full(): boolean {
    return this.#size > FULL
  }

  write(...events: readonly RunEvent[]): void {
    for (const event of events) this.#add(event)
    this.#kick()
  }

  /** Resolves when everything written so far is in the log; rejects with the log's refusal. */
  async flushed(): Promise<void> {
    while (this.#flight !== null || this.#waiting.length > 0) {
      this.#kick()
      await this.#flight
      if (this.#broken) throw this.#broken.cause
    }
    if (this.#broken) throw this.#broken.cause
  }

  /** Resolves when the append that is under way has landed; what waits behind it may not have. */
  async landed(): Promise<void> {
    await this.#flight
  }

  /** The last words: `run.end` with all that waits, the answer as a message, and the run's end, as one. Nothing can be written
   * after it, unless it was refused with StopAsked: then it can be said again, as cancelled.
   */
  async settle(event: Extract<RunEvent, { type: 'run.end' }>, settled: (draft: Draft) => Settled): Promise<void> {
    await this.#flight
    if (this.#broken) throw this.#broken.cause
    const before = { draft: this.#draft, waiting: this.#waiting.slice(), size: this.#size }
    this.#add(event)
    const entries = this.#take()
    try {
      await this.#log.settle(this.#claim, offset(entries[0]!.at - 1), entries, settled(this.#draft))
    } catch (cause) {
      if (cause instanceof StopAsked)
        [this.#draft, this.#waiting, this.#size] = [before.draft, before.waiting, before.size]
      throw cause
    }
  }

  /** Gives the run out of hand until a person has answered; a null event stands in the log already. Nothing can be written after it. */
  async park(event: Extract<RunEvent, { type: 'ask.start' }> | null, ask: NewAsk | null): Promise<void> {
    await this.#flight
    if (this.#broken) throw this.#broken.cause
    const before = { draft: this.#draft, waiting: this.#waiting.slice(), size: this.#size }
    if (event !== null) this.#add(event)
    const entries = this.#take()
    const after = offset(this.#draft.at - entries.length)
    try {
      await this.#log.park(this.#claim, after, entries, ask)
    } catch (cause) {
      if (cause instanceof StopAsked)
        [this.#draft, this.#waiting, this.#size] = [before.draft, before.waiting, before.size]
      throw cause
    }
  }

  #add(event: RunEvent): void {
    if (this.#draft.end) throw new Error(`${this.#claim.run}: ${event.type} after the run's end`)
    const last = this.#waiting.at(-1)
    if (
      last &&
      (event.type === 'text.delta' || event.type === 'thought.delta') &&
      last.event.type === event.type &&
      last.event.text.length < MERGE_LIMIT
    ) {
      // Not in the log yet, and read by nobody: only this journal holds it.
      last.event = { type: event.type, text: last.event.text + event.text }
      this.#size += event.text.length
      this.#draft = { ...this.#draft, parts: regrown(this.#draft, event.text) }
      return
    }
    const entry: Entry = {
      at: offset(this.#draft.at + 1),
      t: Math.max(this.#draft.t, Math.round(this.#clock.now() - this.#zero)),
      event,
    }
    this.#draft = fold(this.#draft, entry)
    this.#waiting.push(entry)
    this.#size += 'text' in event ? (event.text?.length ?? 0) : 100
  }

  #take(): Entry[] {
    const entries = this.#waiting
    this.#waiting = []
    this.#size = 0
    return entries
  }

  #kick(): void {
    if (this.#flight !== null || this.#broken || this.#waiting.length === 0) return
    const entries = this.#take()
    this.#flight = this.#log.append(this.#claim, offset(entries[0]!.at - 1), entries).then(
      () => {
        this.#flight = null
        this.#kick()
      },
      (cause: unknown) => {
        this.#flight = null
        this.#broken = { cause }
        this.#end.abort('lost')
      },
    )
  }
}

function regrown(draft: Draft, text: string): Draft['parts'] {
  const last = draft.parts.at(-1)
  if (last?.kind !== 'text' && last?.kind !== 'thought') throw new Error('a delta was merged where there is none')
  return [...draft.parts.slice(0, -1), { ...last, text: last.text + text }]
}
