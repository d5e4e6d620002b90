import type { Client } from '../../client/client.ts'
import type { Reply } from '../../wire/api.ts'
import { Refusal } from '../../client/refusal.ts'
import type { ProjectId, SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { mergeSessions, readAgain } from '../state/session-groups.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

export type Folder = Reply<'foldersList'>['folders'][number]
export type SessionsState = {
  /** How many chats each holds, by the server's count. */
  folders: readonly Folder[]
  sessions: readonly Session[]
  next: string | null
  read: boolean
  /** Deleted last, and offered to be taken back. */
  removed: Session | null
}
export type Change = Partial<Pick<Session, 'title' | 'pinned' | 'folder' | 'archived' | 'project'>>
export type SessionList = {
  state: Cell<SessionsState>
  refresh: () => void
  more: () => void
  /** Reads what is in the archive, in a folder or of a project, also what was used long ago. */
  moreOf: (where: { archived: true } | { folder: string } | { project: ProjectId }) => void
  put: (session: Session) => void
  /** Reads one session again: its title and whether a run is under way in it. */
  look: (id: SessionId) => void
  /** Counts again what is in the folders. */
  count: () => void
  /** Gone: another page has removed it. */
  forget: (id: SessionId) => void
  /** Shown at once, and said to the server. */
  change: (session: Session, change: Change) => void
  remove: (session: Session) => void
  undo: () => void
  /** The removal is offered to be taken back no more. */
  settle: () => void
}

export function sessionList(client: Client, reach: Reach, own: Own): SessionList {
  const state = cell<SessionsState>({ folders: [], sessions: [], next: null, read: false, removed: null })
  const gone = new Set<SessionId>()
  let removal: Promise<unknown> = Promise.resolve()
  /** What can be taken back, the newest last. */
  let offered: readonly Session[] = []
  let paging = false
  const merge = (news: readonly Session[], rest: Partial<SessionsState> = {}) => {
    const sessions = mergeSessions(state.get().sessions, news).filter((session) => !gone.has(session.id))
    state.set({ ...state.get(), sessions, ...rest })
  }
  const forget = (id: SessionId): void =>
    state.set({ ...state.get(), sessions: state.get().sessions.filter((known) => known.id !== id) })
  const page = async (before: string | null): Promise<void> => {
    const query = before === null ? { limit: 40 } : { limit: 40, before }
    const known = state.get().sessions.filter((session) => !session.archived)
    const { sessions, next } = await reach.surely(() => client.call('sessionsList', { query }))
    if (before !== null || !state.get().read) return merge(sessions, { read: true, next })
    const missing = readAgain(known, sessions, next !== null)
    state.set({ ...state.get(), sessions: state.get().sessions.filter((session) => !missing.has(session.id)) })
    merge(sessions)
  }
  const some = async (query: {
    show: 'pinned' | 'archived' | 'open'
    folder?: string
    project?: ProjectId
  }): Promise<void> =>
    merge((await reach.surely(() => client.call('sessionsList', { query: { ...query, limit: 200 } }))).sessions)
  const count = async (): Promise<void> => {
    const { folders } = await reach.surely(() => client.call('foldersList', {}))
    if (JSON.stringify(folders) !== JSON.stringify(state.get().folders)) state.set({ ...state.get(), folders })
  }
  const refresh = async (): Promise<void> => {
    await page(null)
    await count()
    // What is pinned may have been used long ago.
    if (state.get().next !== null) await some({ show: 'pinned' })
  }
  const look = async (session: SessionId): Promise<void> => {
    const before = state.get().sessions.find(({ id }) => id === session)
    try {
      const now = await reach.surely(() => client.call('sessionsRead', { params: { session } }))
      merge([now])
      if (now.folder !== (before?.folder ?? null) || now.archived !== before?.archived) await count()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      forget(session)
    }
  }
  /** What the server refuses is shown as it is there. */
  const told = (id: SessionId, call: () => Promise<Session>): Promise<void> =>
    reach.surely(call).then(
      (session) => merge([session]),
      (error: unknown) => {
        if (!(error instanceof Refusal)) throw error
        return look(id)
      },
    )
  return {
    state,
    refresh: () => own(refresh()),
    more: () => {
      const { next } = state.get()
      if (next === null || paging) return
      paging = true
      own(page(next).finally(() => (paging = false)))
    },
    moreOf: (where) => own(some('archived' in where ? { show: 'archived' } : { show: 'open', ...where })),
    put: (session) => merge([session]),
    look: (id) => own(look(id)),
    forget,
    count: () => own(count()),
    change: (session, change) => {
      merge([{ ...session, ...change, named: session.named || change.title !== undefined }])
      const params = { session: session.id }
      const done = told(session.id, () => client.call('sessionsChange', { params, body: change }))
      own(change.folder === undefined && change.archived === undefined ? done : done.then(count))
    },
    remove: (session) => {
      gone.add(session.id)
      offered = [...offered, session]
      merge([], { removed: session })
      const params = { session: session.id }
      removal = removal
        .then(() => reach.surely(() => client.call('sessionsRemove', { params })))
        .catch((error: unknown) => {
          if (!(error instanceof Refusal)) throw error
        })
      own(removal)
    },
    undo: () => {
      const { removed } = state.get()
      if (removed === null) return
      gone.delete(removed.id)
      offered = offered.filter(({ id }) => id !== removed.id)
      merge([{ ...removed, active: null }], { removed: offered.at(-1) ?? null })
      const params = { session: removed.id }
      own(removal.then(() => told(removed.id, () => client.call('sessionsRestore', { params, body: {} }))))
    },
    settle: () => {
      offered = []
      state.set({ ...state.get(), removed: null })
    },
  }
}
