import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { mergeSessions, readAgain } from '../state/session-groups.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

export type SessionsState = {
  sessions: readonly Session[]
  next: string | null
  read: boolean
  /** Gone from the list, and from the server once the time to undo is over. */
  removing: Session | null
}
export type SessionList = {
  state: Cell<SessionsState>
  refresh: () => void
  more: () => void
  put: (session: Session) => void
  /** Reads one session again: its title and whether a run is under way in it. */
  look: (id: SessionId) => void
  /** Gone: another page has removed it. */
  forget: (id: SessionId) => void
  rename: (session: Session, title: string) => void
  remove: (session: Session) => void
  undo: () => void
}

const UNDO_MS = 8000

export function sessionList(client: Client, reach: Reach, own: Own): SessionList {
  const state = cell<SessionsState>({ sessions: [], next: null, read: false, removing: null })
  let gone = new Set<SessionId>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const merge = (news: readonly Session[], rest: Partial<SessionsState> = {}) => {
    const sessions = mergeSessions(state.get().sessions, news).filter((session) => !gone.has(session.id))
    state.set({ ...state.get(), sessions, ...rest })
  }
  const page = async (before: string | null): Promise<void> => {
    const query = before === null ? { limit: 40 } : { limit: 40, before }
    const known = state.get().sessions
    const { sessions, next } = await reach.surely(() => client.call('sessionsList', { query }))
    if (before !== null || !state.get().read) return merge(sessions, { read: true, next })
    const gone = readAgain(known, sessions, next !== null)
    state.set({ ...state.get(), sessions: state.get().sessions.filter((session) => !gone.has(session.id)) })
    merge(sessions)
  }
  const look = async (session: SessionId): Promise<void> => {
    try {
      merge([await reach.surely(() => client.call('sessionsRead', { params: { session } }))])
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      forget(session)
    }
  }
  const forget = (id: SessionId): void =>
    state.set({ ...state.get(), sessions: state.get().sessions.filter((known) => known.id !== id) })
  const removeNow = (): void => {
    const { removing } = state.get()
    clearTimeout(timer)
    if (removing === null) return
    state.set({ ...state.get(), removing: null })
    own(
      reach
        .surely(() => client.call('sessionsRemove', { params: { session: removing.id } }))
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error
        }),
    )
  }
  return {
    state,
    refresh: () => own(page(null)),
    more: () => own(page(state.get().next)),
    put: (session) => merge([session]),
    look: (id) => own(look(id)),
    forget,
    rename: (session, title) => {
      merge([{ ...session, title, named: true }])
      own(
        reach
          .surely(() => client.call('sessionsChange', { params: { session: session.id }, body: { title } }))
          .then((renamed) => merge([renamed])),
      )
    },
    remove: (session) => {
      removeNow()
      gone.add(session.id)
      merge([], { removing: session })
      timer = setTimeout(removeNow, UNDO_MS)
    },
    undo: () => {
      clearTimeout(timer)
      const { removing } = state.get()
      if (removing === null) return
      gone = new Set([...gone].filter((id) => id !== removing.id))
      merge([removing], { removing: null })
    },
  }
}
