import type { Client } from '../../client/client.ts'
import type { ProjectId } from '../../wire/id.ts'
import type { Project } from '../../wire/mind.ts'
import { bell, type Bell } from './bell.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

export type Projects = {
  /** By name. `read` once they are known. */
  state: Cell<{ projects: readonly Project[]; read: boolean }>
  /** The list of chats shows those of this project only, and a new chat begins in it; also after a reload. */
  only: Cell<ProjectId | null>
  look: () => void
  /** Projects, memories, snippets or documents were changed here. */
  changed: Bell
}

const ONLY = 'pkn.project'

export function projectsOf(client: Client, reach: Reach, own: Own): Projects {
  const state = cell<{ projects: readonly Project[]; read: boolean }>({ projects: [], read: false })
  const only = cell<ProjectId | null>(localStorage.getItem(ONLY) as ProjectId | null)
  only.on(() => {
    const id = only.get()
    try {
      if (id === null) localStorage.removeItem(ONLY)
      else localStorage.setItem(ONLY, id)
    } catch {
      // Full: it is chosen until the reload.
    }
  })
  const read = async (): Promise<void> => {
    const { projects } = await reach.surely(() => client.call('projectsList', {}))
    if (!state.get().read || JSON.stringify(projects) !== JSON.stringify(state.get().projects))
      state.set({ projects, read: true })
    if (!projects.some(({ id }) => id === only.get())) only.set(null)
  }
  const look = () => own(read())
  const changed = bell('pkn.mind')
  changed.on(look)
  return { state, only, look, changed }
}
