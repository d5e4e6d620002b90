import { useSyncExternalStore } from 'react'

// One timer for everything that counts seconds, only while something does.
const watchers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
let now = Date.now()

export function watch(call: () => void): () => void {
  watchers.add(call)
  if (timer === undefined) now = Date.now()
  timer ??= setInterval(() => {
    now = Date.now()
    for (const each of watchers) each()
  }, 250)
  return () => {
    watchers.delete(call)
    if (watchers.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time of the last tick, which stays the same until the next. */
export const ticked = (): number => now

/** Date.now(), four times a second. */
export const useNow = (): number => useSyncExternalStore(watch, () => now)

/** The begin of today; the page looks again each time it comes into view. */
export const useDay = (): number => useSyncExternalStore(watchVisible, () => new Date().setHours(0, 0, 0, 0))

function watchVisible(call: () => void): () => void {
  document.addEventListener('visibilitychange', call)
  return () => document.removeEventListener('visibilitychange', call)
}
