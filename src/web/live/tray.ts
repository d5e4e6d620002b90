import type { SessionId } from '../../wire/id.ts'
import { asBrought, isUsable, type Brought, type Item } from '../state/brought.ts'
import { cell, type Cell } from './cell.ts'

/** What is attached to a message that is being written. It outlives a reload and a change of session as the text does. */
export type Tray = {
  items: Cell<readonly Item[]>
  /** What is to be said of all of it. */
  note: Cell<string>
  change: (key: string, to: Partial<Item>) => void
  put: (files: readonly Brought[]) => void
  remove: (key: string) => void
  /** Takes all of it out. */
  take: () => Brought[]
  /** The new session got its id: what is attached belongs to it. */
  move: (session: SessionId) => void
}

const keyOf = (session: SessionId | null) => `pkn.files.${session ?? 'new'}`

export function traysOf(storage: Storage): (session: SessionId | null) => Tray {
  const trays = new Map<SessionId | null, Tray>()
  return (session) => {
    const there =
      trays.get(session) ?? tray(storage, session, (to, moved) => trays.delete(session) && trays.set(to, moved))
    trays.set(session, there)
    return there
  }
}

function tray(storage: Storage, first: SessionId | null, moved: (to: SessionId, tray: Tray) => void): Tray {
  let session = first
  const items = cell<readonly Item[]>(kept(storage, session).map(asItem))
  items.on(() => keep(storage, session, items.get().filter(isUsable).map(asBrought)))
  const here: Tray = {
    items,
    note: cell(''),
    change: (key, to) => items.set(items.get().map((item) => (item.key === key ? { ...item, ...to } : item))),
    put: (files) => {
      if (files.length > 0) items.set([...items.get(), ...files.map(asItem)])
    },
    remove: (key) => items.set(items.get().filter((item) => item.key !== key)),
    take: () => {
      const all = items.get().map(asBrought)
      items.set([])
      here.note.set('')
      return all
    },
    move: (to) => {
      keep(storage, session, [])
      session = to
      moved(to, here)
      keep(storage, session, items.get().filter(isUsable).map(asBrought))
    },
  }
  return here
}

const asItem = (file: Brought): Item => ({ ...file, state: file.id === null ? 'storing' : 'stored', part: 0 })

function kept(storage: Storage, session: SessionId | null): Brought[] {
  try {
    const read: unknown = JSON.parse(storage.getItem(keyOf(session)) ?? '[]')
    return Array.isArray(read) ? (read as Brought[]) : []
  } catch {
    return []
  }
}
function keep(storage: Storage, session: SessionId | null, files: readonly Brought[]): void {
  try {
    if (files.length === 0) storage.removeItem(keyOf(session))
    else storage.setItem(keyOf(session), JSON.stringify(files))
  } catch {
    // Full or forbidden: it is still on the screen.
  }
}
