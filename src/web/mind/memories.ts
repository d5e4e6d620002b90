import type { MemoryId, ProjectId } from '../../wire/id.ts'
import type { Memory } from '../../wire/mind.ts'
import type { App } from '../live/app.ts'
import { asked as answered } from '../live/asked.ts'
import { cell, type Cell } from '../live/cell.ts'
import { own } from '../live/own.ts'

/** What they reach: one project, everywhere (null), or whatever it is. */
export type Reached = ProjectId | null | 'all'
export type Listed = { rows: readonly Memory[]; next: string | null; reading: boolean }
export type Memories = {
  state: Cell<Listed>
  /** Reads from the beginning those that fit; all, if nothing is asked for. */
  find: (asked: string, reach: Reached) => void
  more: () => void
  /** As it is now. */
  put: (memory: Memory) => void
  drop: (id: MemoryId) => void
  close: () => void
}

const PAGE = 50

/** What is remembered, page by page, for as long as it is looked at; what is changed elsewhere is read again. */
export function openMemories({ client, reach, projects }: Pick<App, 'client' | 'reach' | 'projects'>): Memories {
  const state = cell<Listed>({ rows: [], next: null, reading: true })
  let search = new AbortController()
  let wanted: { asked: string; reach: Reached } | null = null
  const page = async (before: string | null, limit: number) => {
    const { asked, reach: to } = wanted ?? { asked: '', reach: 'all' }
    const query = {
      limit,
      ...(to === null ? {} : { project: to }),
      ...(asked === '' ? {} : { q: asked }),
      ...(before === null ? {} : { before }),
    }
    const answer = await answered({ reach }, () => client.call('memoriesList', { query }))
    // A project that was removed has none.
    return answer.ok ? answer.value : { memories: [], next: null }
  }
  const begin = (read: (signal: AbortSignal) => Promise<void>) => {
    search.abort()
    search = new AbortController()
    own(read(search.signal))
  }
  const fromStart = (limit: number) =>
    begin(async (signal) => {
      const { memories, next } = await page(null, limit)
      if (!signal.aborted) state.set({ rows: memories, next, reading: false })
    })
  // As many as are shown, so that nothing moves away under a finger.
  const off = projects.changed.on(() => {
    if (wanted !== null) fromStart(Math.min(200, Math.max(PAGE, state.get().rows.length)))
  })
  return {
    state,
    find: (asked, to) => {
      wanted = { asked: asked.trim(), reach: to }
      state.set({ ...state.get(), reading: true })
      fromStart(PAGE)
    },
    more: () => {
      const { next, reading } = state.get()
      if (next === null || reading) return
      state.set({ ...state.get(), reading: true })
      begin(async (signal) => {
        const read = await page(next, PAGE)
        if (signal.aborted) return
        const known = new Set(state.get().rows.map(({ id }) => id))
        const fresh = read.memories.filter(({ id }) => !known.has(id))
        state.set({ rows: [...state.get().rows, ...fresh], next: read.next, reading: false })
      })
    },
    put: (memory) => {
      const { rows } = state.get()
      state.set({ ...state.get(), rows: rows.map((row) => (row.id === memory.id ? memory : row)) })
    },
    drop: (id) => state.set({ ...state.get(), rows: state.get().rows.filter((row) => row.id !== id) }),
    close: () => {
      search.abort()
      off()
    },
  }
}
