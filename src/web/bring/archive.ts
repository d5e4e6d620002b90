import type { SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import type { App } from '../live/app.ts'
import { cell, type Cell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { titleOf } from '../state/session-groups.ts'

export type Archived = { rows: readonly Session[]; next: string | null; reading: boolean }
export type Archive = {
  state: Cell<Archived>
  /** Reads from the beginning those whose titles have these words; all, if there are none. */
  find: (asked: string) => void
  more: () => void
  fits: (session: Session, asked: string) => boolean
  /** Deleted from here. */
  gone: ReadonlySet<SessionId>
  remove: (id: SessionId) => void
  close: () => void
}

const PAGE = 50
/** While titles are looked through, more are read at once. */
const FAR = 200

/** What is in the archive, page by page, for as long as it is looked at. */
export function openArchive({ client, reach, sessions }: Pick<App, 'client' | 'reach' | 'sessions'>): Archive {
  const state = cell<Archived>({ rows: [], next: null, reading: true })
  const gone = new Set<SessionId>()
  let search = new AbortController()
  let asked = ''
  // A deletion that was taken back stands here again.
  const off = sessions.state.on(() => {
    for (const { id } of sessions.state.get().sessions) gone.delete(id)
  })
  /** Until a page of those that fit is there, or nothing is left to look through. */
  const read = async (from: string | null, signal: AbortSignal): Promise<void> => {
    const wanted = state.get().rows.length + PAGE
    let next = from
    state.set({ ...state.get(), reading: true })
    do {
      const query = {
        show: 'archived',
        limit: asked === '' ? PAGE : FAR,
        ...(next === null ? {} : { before: next }),
      } as const
      const page = await reach.surely(() => client.call('sessionsList', { query }))
      if (signal.aborted) return
      next = page.next
      const fit = page.sessions.filter((session) => fits(session, asked))
      state.set({ rows: [...state.get().rows, ...fit], next, reading: true })
    } while (next !== null && state.get().rows.length < wanted)
    state.set({ ...state.get(), reading: false })
  }
  const begin = (from: string | null) => {
    search.abort()
    search = new AbortController()
    own(read(from, search.signal))
  }
  return {
    state,
    find: (next) => {
      asked = next.trim()
      state.set({ rows: [], next: null, reading: true })
      begin(null)
    },
    more: () => {
      const { next, reading } = state.get()
      if (next !== null && !reading) begin(next)
    },
    fits,
    gone,
    remove: (id) => gone.add(id),
    close: () => {
      search.abort()
      off()
    },
  }
}

/** All of the words, in any order, anywhere in the title; without regard to case and accents. */
export function fits(session: Session, asked: string): boolean {
  const title = plain(titleOf(session))
  return plain(asked)
    .split(/\s+/)
    .every((word) => title.includes(word))
}

const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
