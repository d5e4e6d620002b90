import { cell, type Cell } from './cell.ts'

const KEY = 'pkn.folded'

/** The sections of the list that are folded, also after a reload. */
export function foldedSections(storage: Storage): { folded: Cell<ReadonlySet<string>>; toggle: (key: string) => void } {
  const folded = cell<ReadonlySet<string>>(kept(storage))
  return {
    folded,
    toggle: (key) => {
      const next = new Set(folded.get())
      if (!next.delete(key)) next.add(key)
      folded.set(next)
      try {
        storage.setItem(KEY, JSON.stringify([...next]))
      } catch {
        // Full or forbidden: it is folded until the reload.
      }
    },
  }
}

function kept(storage: Storage): Set<string> {
  try {
    const read: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return new Set(Array.isArray(read) ? read.filter((key) => typeof key === 'string') : [])
  } catch {
    return new Set()
  }
}
