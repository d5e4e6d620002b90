import type { ModelEvent } from '../core/ports.ts'

/** Collects the events of one network piece; deltas of a kind that follow each other become one. */
export class Batch {
  #events: ModelEvent[] = []
  #last: { type: 'thought.delta' | 'text.delta'; text: string } | null = null

  add(event: ModelEvent): void {
    this.#last = null
    this.#events.push(event)
  }
  delta(type: 'thought.delta' | 'text.delta', text: string): void {
    if (text === '') return
    if (this.#last?.type === type) this.#last.text += text
    else this.#events.push((this.#last = { type, text }))
  }
  get empty(): boolean {
    return this.#events.length === 0
  }
  /** What was collected; the batch is empty afterwards. */
  take(): readonly ModelEvent[] {
    const events = this.#events
    this.#events = []
    this.#last = null
    return events
  }
}
