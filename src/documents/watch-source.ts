import { watch, type FSWatcher } from 'node:fs'
import type { Clock } from '../core/ports.ts'

/** What changes within so long is looked at once. */
const CALM_MS = 1500
/** A file that changes all the time is no reason to look all the time. */
const LEAST_MS = 15_000
/** Above this the next start, or a person, has to see what changed: the system has only so many watches to give. */
const MOST_FOLDERS = 2000

export type SourceWatch = { close: () => void }

/** Calls after something in one of the folders has changed, soon, but not again and again. Folders that can't be watched are not. */
export function watchSource(
  places: readonly string[],
  clock: Clock,
  changed: () => void,
  /** Something changed before it could be watched, so that more may have. */
  late = false,
  rest = LEAST_MS,
  calm = CALM_MS,
): SourceWatch {
  const began = clock.now()
  let cancel: (() => void) | null = null
  const noticed = (_: string, name: string | Buffer | null) => {
    if (name !== null && String(name).startsWith('.')) return
    // Not later with each change: what changes all the time would never be looked at.
    cancel ??= clock.after(Math.max(calm, rest - (clock.now() - began)), () => {
      cancel = null
      changed()
    })
  }
  const watchers = places.slice(0, MOST_FOLDERS).flatMap((place): FSWatcher[] => {
    try {
      const watcher = watch(place, { persistent: false }, noticed)
      watcher.on('error', () => watcher.close())
      return [watcher]
    } catch {
      return []
    }
  })
  if (late) noticed('change', null)
  return {
    close: () => {
      cancel?.()
      for (const watcher of watchers) watcher.close()
    },
  }
}
