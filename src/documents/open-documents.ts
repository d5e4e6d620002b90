import { join } from 'node:path'
import type { Documents } from '../core/mind-ports.ts'
import type { Say } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { newSourceId, type OwnerId, type ProjectId } from '../wire/id.ts'
import type { Source } from '../wire/mind.ts'
import { openSourcesFile, type KeptSource } from './sources-file.ts'
import { sourcePath } from './source-path.ts'

const MOST_SOURCES = 100

export type DocumentsOptions = {
  home: string
  say: Say
  /** Whether a project is the owner's and not removed. */
  hasProject: (owner: OwnerId, project: ProjectId) => Promise<boolean>
}

export function openDocuments({ home, say, hasProject }: DocumentsOptions): Documents {
  const file = openSourcesFile(join(home, 'documents.json'), say)
  const told = ({ id, project, path }: KeptSource): Source => ({
    id,
    project,
    path,
    state: 'indexing',
    done: 0,
    total: 0,
    files: 0,
    passages: 0,
    skipped: [],
    meaning: null,
    why: null,
    indexed: null,
  })
  const find = (owner: OwnerId, id: string): KeptSource => {
    const found = file.all().find((source) => source.owner === owner && source.id === id)
    if (!found) throw new Fault('source.missing', { source: id })
    return found
  }
  return {
    sources: async (owner, project) =>
      file
        .all()
        .filter((source) => source.owner === owner && (project === 'all' || source.project === project))
        .map(told),
    add: async (owner, path, project) => {
      if (project !== null && !(await hasProject(owner, project))) throw new Fault('project.missing', { project })
      const place = await sourcePath(path, home)
      const mine = file.all().filter((source) => source.owner === owner)
      const same = mine.find((source) => source.path === place && source.project === project)
      if (same) return told(same)
      if (mine.length >= MOST_SOURCES) throw new Fault('source.many', { most: MOST_SOURCES })
      const source: KeptSource = { id: newSourceId(), owner, project, path: place }
      file.write([...file.all(), source])
      return told(source)
    },
    again: async (owner, id) => told(find(owner, id)),
    remove: async (owner, id) => {
      const gone = find(owner, id)
      file.write(file.all().filter((source) => source !== gone))
    },
    find: async () => [],
    read: async (owner, id, { path }) => {
      find(owner, id)
      throw new Fault('document.missing', { path })
    },
    close: async () => {},
  }
}
