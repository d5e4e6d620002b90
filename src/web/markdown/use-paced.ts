import { useEffect, useReducer, useRef } from 'react'

/** Drawing takes at most a quarter of the time, and no word waits longer than this for it. */
const REST = 3
const LONGEST_MS = 250

/** A text that grows, no faster than this machine can draw it. Whole as soon as it has stopped growing. */
export function usePaced(text: string, live: boolean): string {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const last = useRef({ text, at: 0, cost: 0 })
  const now = performance.now()
  const due = last.current.at + Math.min(LONGEST_MS, REST * last.current.cost)
  if (!live || now >= due || text.length < last.current.text.length) {
    if (last.current.text !== text) last.current = { text, at: now, cost: last.current.cost }
  }
  const shown = last.current.text
  useEffect(() => {
    // The next task comes after the browser has laid out and painted what was drawn.
    const drawn = last.current
    if (!live || drawn.at === 0) return
    const timer = setTimeout(() => {
      drawn.cost = performance.now() - drawn.at
    })
    return () => clearTimeout(timer)
  }, [shown, live])
  useEffect(() => {
    if (shown === text) return
    const timer = setTimeout(draw, Math.max(0, due - performance.now()))
    return () => clearTimeout(timer)
  }, [shown, text, due])
  return shown
}
