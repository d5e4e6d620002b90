import { sessionRow, type Disk } from './memory-disk.ts'
import { memoryFactChanges, memoryFactReads } from './memory-memories.ts'
import {
  TAUGHT,
  type LessonRow,
  type MindChanges,
  type MindReads,
  type ProjectRow,
  type WorkplaceRow,
} from './mind-rows.ts'
import { Refusal } from './refusal.ts'

/** Tells the feed of a session. */
type Touch = (session: string) => void

export function memoryMindChanges(disk: Disk, touch: Touch): MindChanges {
  const projectOf = (owner: string, id: string): Omit<ProjectRow, 'sessions'> => {
    const project = disk.projects.get(id)
    if (project?.owner !== owner || project.removed !== null) throw new Refusal('project.missing', id)
    return project
  }
  const put = (project: Omit<ProjectRow, 'sessions'>): ProjectRow => {
    disk.projects.set(project.id, project)
    return projectRow(disk, project)
  }
  const touchAll = (id: string) => {
    for (const session of disk.sessions.values()) if (session.project === id) touch(session.id)
  }
  return {
    ...memoryFactChanges(disk),
    beginIn({ owner, run, folder }) {
      if (disk.runs.get(run)?.owner === owner && !disk.folders.has(run)) disk.folders.set(run, folder)
      return null
    },
    createProject({ most, now, ...project }) {
      const all = [...disk.projects.values()].filter(
        ({ owner, removed }) => owner === project.owner && removed === null,
      )
      if (all.length >= most) throw new Refusal('project.many', String(most))
      return put({ ...project, created: now, updated: now, removed: null })
    },
    changeProject({ owner, id, change, now }) {
      const known = projectOf(owner, id)
      const { name = known.name, folder = known.folder, instructions = known.instructions } = change
      return put({ ...known, name, folder, instructions, updated: now })
    },
    removeProject({ owner, id, now }) {
      put({ ...projectOf(owner, id), removed: now })
      touchAll(id)
      return null
    },
    restoreProject({ owner, id, since }) {
      const project = disk.projects.get(id)
      if (project?.owner !== owner || (project.removed !== null && project.removed < since))
        throw new Refusal('project.missing', id)
      put({ ...project, removed: null })
      touchAll(id)
      return projectRow(disk, project)
    },
    writeSnippet({ most, ...row }) {
      const others = [...disk.snippets.values()].filter(({ owner, name }) => owner === row.owner && name !== row.name)
      if (others.length >= most) throw new Refusal('snippet.many', String(most))
      disk.snippets.set(`${row.owner} ${row.name}`, row)
      return row
    },
    removeSnippet({ owner, name }) {
      disk.snippets.delete(`${owner} ${name}`)
      return null
    },
    teach({ owner, message: id, agent, instead, now }) {
      const message = disk.messages.get(id)
      const there = message?.owner === owner && message.role === 'user'
      if (!there || disk.sessions.get(message.session)?.removed !== null) throw new Refusal('message.missing', id)
      disk.lessons.delete(id)
      if (agent !== instead)
        disk.lessons.set(id, { seq: disk.next(), message: id, owner, agent, instead, created: now })
      return null
    },
    unteach({ owner, message }) {
      if (disk.lessons.get(message)?.owner === owner) disk.lessons.delete(message)
      return null
    },
  }
}

export function memoryMindReads(disk: Disk): MindReads {
  return {
    ...memoryFactReads(disk),
    projects: (owner) =>
      [...disk.projects.values()]
        .filter((p) => p.owner === owner && p.removed === null)
        .map((p) => projectRow(disk, p)),
    project(owner, id) {
      const project = disk.projects.get(id)
      return project?.owner === owner && project.removed === null ? projectRow(disk, project) : null
    },
    workplaces(owner, id) {
      const rows: WorkplaceRow[] = []
      for (let run = disk.runs.get(id); run?.owner === owner;) {
        const session = disk.sessions.get(run.session)
        if (session === undefined || session.removed !== null) break
        const project = sessionRow(disk, session).project
        rows.push({ session: session.id, project, folder: disk.folders.get(run.id) ?? null })
        run = session.parent === null ? undefined : disk.runs.get(session.parent)
      }
      return rows
    },
    snippets: (owner) => [...disk.snippets.values()].filter((snippet) => snippet.owner === owner),
    lessons: (owner, before, limit) =>
      lessonsOf(disk, owner)
        .filter(({ seq }) => seq < before)
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit),
    lessonsStamp: (owner) =>
      lessonsOf(disk, owner)
        .map(({ seq }) => seq)
        .join(' '),
  }
}

const lessonsOf = (disk: Disk, owner: string): LessonRow[] =>
  [...disk.lessons.values()].flatMap((lesson) => {
    const message = disk.messages.get(lesson.message)
    if (lesson.owner !== owner || message === undefined) return []
    const there = disk.sessions.get(message.session)?.removed === null
    return there ? [{ ...lesson, text: taughtBy(message.text), session: message.session }] : []
  })

/** By characters, as SQLite counts them. */
function taughtBy(text: string): string {
  const signs = text.length <= TAUGHT.most ? [] : Array.from(text)
  if (signs.length <= TAUGHT.most) return text
  return `${signs.slice(0, TAUGHT.head).join('')}\n…\n${signs.slice(-TAUGHT.tail).join('')}`
}

function projectRow(disk: Disk, project: Omit<ProjectRow, 'sessions'>): ProjectRow {
  const sessions = [...disk.sessions.values()].filter((s) => s.project === project.id && s.removed === null)
  return { ...project, sessions: sessions.length }
}

/** Deletes for good what was removed before `since`. Answers with when the rest was removed. */
export function purgeMind(disk: Disk, since: number): number[] {
  for (const [id, { removed }] of disk.projects) {
    if (removed === null || removed >= since) continue
    disk.projects.delete(id)
    for (const session of disk.sessions.values()) if (session.project === id) session.project = null
  }
  for (const [id, { removed, project }] of disk.memories) {
    const lost = project !== null && !disk.projects.has(project)
    if (!lost && (removed === null || removed >= since)) continue
    disk.memories.delete(id)
    disk.vectors.delete(id)
  }
  for (const id of disk.lessons.keys()) if (!disk.messages.has(id)) disk.lessons.delete(id)
  return [...disk.projects.values(), ...disk.memories.values()].flatMap(({ removed }) => removed ?? [])
}
