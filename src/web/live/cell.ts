import { useSyncExternalStore } from 'react'

/** A value that can be watched. Watchers are called after it has changed, never for the same value. */
export type Cell<T> = { get: () => T; set: (next: T) => void; on: (call: () => void) => () => void }

export function cell<T>(first: T): Cell<T> {
  let value = first
  const watchers = new Set<() => void>()
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return
      value = next
      for (const call of watchers) call()
    },
    on: (call) => {
      watchers.add(call)
      return () => watchers.delete(call)
    },
  }
}

export const useCell = <T>(from: Cell<T>): T => useSyncExternalStore(from.on, from.get)

/** Draws again only when what is picked has changed; `pick` must give the same object for the same value. */
export const usePick = <T, P>(from: Cell<T>, pick: (value: T) => P): P =>
  useSyncExternalStore(from.on, () => pick(from.get()))
