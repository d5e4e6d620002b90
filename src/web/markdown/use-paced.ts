import { useEffect, useReducer, useState } from 'react'

/** Drawing takes at most a quarter of the time, and no word waits longer than this for it. */
const REST = 3
const LONGEST_MS = 250

/** Holds a growing text back for as long as its last drawing makes advisable. The same text is given for the same text again. */
class Pacer {
  #text: string
  #at = 0
  #cost = 0
  constructor(text: string) {
    this.#text = text
  }
  take(text: string, live: boolean): string {
    if (text !== this.#text && (!live || this.rest() <= 0 || text.length < this.#text.length)) {
      this.#text = text
      this.#at = performance.now()
    }
    return this.#text
  }
  /** What was taken last has been laid out and painted by now. */
  drawn(): void {
    if (this.#at > 0) this.#cost = performance.now() - this.#at
  }
  /** Milliseconds until more may be taken. */
  rest(): number {
    return this.#at + Math.min(LONGEST_MS, REST * this.#cost) - performance.now()
  }
}

/** A text that grows, no faster than this machine can draw it. Whole as soon as it has stopped growing. */
export function usePaced(text: string, live: boolean): string {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const [pacer] = useState(() => new Pacer(text))
  const shown = pacer.take(text, live)
  useEffect(() => {
    if (shown === '') return
    // The next task comes after the browser has laid out and painted what was drawn.
    const timer = setTimeout(() => pacer.drawn())
    return () => clearTimeout(timer)
  }, [pacer, shown])
  useEffect(() => {
    if (shown === text) return
    const timer = setTimeout(draw, Math.max(0, pacer.rest()))
    return () => clearTimeout(timer)
  }, [pacer, shown, text])
  return shown
}
