import { z } from 'zod'
import type { Mind } from '../core/ports.ts'
import { fused } from '../fused.ts'
import { narrowed } from '../narrowed.ts'
import { Fault } from '../wire/fault.ts'
import { MemoryId, newMemoryId, newProjectId, SessionId, type OwnerId, type ProjectId } from '../wire/id.ts'
import { Lesson, Memory, Project, Snippet } from '../wire/mind.ts'
import { fromCursor, offsetFrom, pageFrom } from './cursor.ts'
import { beginningsOf, fitting } from './fitting.ts'
import { nearTo } from './meaning.ts'
import type { ActDeps } from './local-acts.ts'
import type { LessonRow, MemoryRow, ProjectRow, Scope, SnippetRow } from './mind-rows.ts'

/** How long a removal can be taken back. */
export const UNDO = 3_600_000
/** How many there may be of each owner's. */
export const MOST = { projects: 200, memories: 5000, snippets: 500 } as const
/** How many are told in every run, and how many are looked at whether they fit. */
const ALWAYS = 200
const CANDIDATES = 150

export function localMind({ clock, reads, write, news }: Pick<ActDeps, 'clock' | 'reads' | 'write' | 'news'>): Mind {
  const projectOf = (owner: OwnerId, id: ProjectId): ProjectRow => {
    const row = reads().project(owner, id)
    if (row === null) throw new Fault('project.missing', { project: id })
    return row
  }
  const scopeOf = (owner: OwnerId, how: Scope['how'], project: ProjectId | null): Scope => {
    if (project !== null) projectOf(owner, project)
    return { how, project }
  }
  const found = (owner: OwnerId, scope: Scope, text: string, typed = false): MemoryRow[] => {
    const beginnings = beginningsOf(text, typed)
    if (beginnings.length === 0) return []
    const rows = reads().memoriesWith(owner, scope, beginnings, CANDIDATES)
    return rows.length === 0 ? [] : fitting(text, rows, reads().countMemories(owner, scope), typed)
  }
  return {
    async projects(owner) {
      const projects = reads().projects(owner).map(toProject)
      return projects.toSorted((a, b) => ORDER.compare(a.name, b.name) || (a.id < b.id ? -1 : 1))
    },
    project: async (owner, id) => toProject(projectOf(owner, id)),
    async createProject(owner, { name, folder, instructions }) {
      const row = { id: newProjectId(), owner, name, folder, instructions, now: clock.wall(), most: MOST.projects }
      return toProject(await write('createProject', row))
    },
    async changeProject(owner, id, { name, folder, instructions }) {
      const change = { name, folder, instructions }
      return toProject(await write('changeProject', { owner, id, change, now: clock.wall() }))
    },
    async removeProject(owner, id) {
      await write('removeProject', { owner, id, now: clock.wall() })
      news(owner)
    },
    async restoreProject(owner, id) {
      const row = await write('restoreProject', { owner, id, since: clock.wall() - UNDO })
      news(owner)
      return toProject(row)
    },
    async workplace(owner, run) {
      const places = reads().workplaces(owner, run)
      const head = places.at(-1)
      if (head === undefined) throw new Fault('run.missing', { run })
      const row = head.project === null ? null : reads().project(owner, head.project)
      const began = places.find(({ folder }) => folder !== null)?.folder ?? null
      return { began, session: SessionId.parse(head.session), project: row === null ? null : toProject(row) }
    },
    async beginIn(owner, run, folder) {
      await write('beginIn', { owner, run, folder })
    },
    async projectOf(owner, session) {
      const root = reads().session(owner, reads().rootOf(session))
      if (root === null) throw new Fault('session.missing', { session })
      const row = root.project === null ? null : reads().project(owner, root.project)
      return row === null ? null : toProject(row)
    },

    async memories(owner, { limit, before, project, q }) {
      const scope = project === 'all' ? { how: 'all' as const, project: null } : scopeOf(owner, 'only', project)
      if (q === undefined || q.trim() === '') {
        const rows = reads().memories(owner, scope, fromCursor(before), limit + 1)
        return pageFrom(rows, limit, (row) => row.seq, toMemory)
      }
      const offset = offsetFrom(before)
      const rows = found(owner, scope, q, true).slice(offset)
      const next = rows.length > limit ? String(offset + limit) : null
      return { rows: rows.slice(0, limit).map(toMemory), next }
    },
    async remember(owner, { text, project, always, by }) {
      const row = { id: newMemoryId(), owner, project, text, always: always ? 1 : 0, by: JSON.stringify(by) }
      return toMemory(await write('remember', { ...row, now: clock.wall(), most: MOST.memories }))
    },
    async changeMemory(owner, id, { text, project, always }) {
      const change = { text, project, always: always === undefined ? undefined : always ? 1 : 0 }
      return toMemory(await write('changeMemory', { owner, id, change, now: clock.wall() }))
    },
    async forget(owner, id) {
      await write('forget', { owner, id, now: clock.wall() })
    },
    async restoreMemory(owner, id) {
      return toMemory(await write('restoreMemory', { owner, id, since: clock.wall() - UNDO }))
    },
    async memoriesFor(owner, project, text, most, measured) {
      const scope = scopeOf(owner, 'reaching', project)
      const always = reads().alwaysTold(owner, scope, ALWAYS)
      const others = measured !== undefined && reads().countMemories(owner, scope) > always.length
      const question = others ? await measured() : null
      const words = found(owner, scope, text).filter((row) => row.always === 0)
      const near =
        question === null
          ? []
          : await nearTo(question, words.length > 0, (after, limit) =>
              reads().vectors(owner, scope, question.model, after, limit),
            )
      const meant = near.flatMap((seq) => reads().memoryAt(owner, scope, seq) ?? [])
      const fit = fused({ words, meaning: meant })
        .slice(0, most)
        .map(({ row, by }) => ({ ...toMemory(row), found: by }))
      return { always: always.map(toMemory), fitting: fit }
    },
    async unmeasured(model, most) {
      return reads()
        .unmeasured(model, most)
        .map(({ id, text }) => ({ memory: MemoryId.parse(id), text }))
    },
    async keepMeasured(model, rows) {
      if (rows.length > 0)
        await write('keepVectors', {
          model,
          rows: rows.map(({ vector, ...row }) => {
            const { scale, bytes } = narrowed(vector)
            return { ...row, scale, v: bytes }
          }),
        })
    },
    async memoriesTold(owner, run, ids) {
      if (ids.length > 0) await write('memoriesTold', { owner, run, ids: [...ids], now: clock.wall() })
    },

    async snippets(owner) {
      const snippets = reads().snippets(owner).map(toSnippet)
      return snippets.toSorted((a, b) => ORDER.compare(a.name, b.name))
    },
    async writeSnippet(owner, name, text) {
      return toSnippet(await write('writeSnippet', { owner, name, text, updated: clock.wall(), most: MOST.snippets }))
    },
    async removeSnippet(owner, name) {
      await write('removeSnippet', { owner, name })
    },

    async lessons(owner, { limit, before }) {
      const rows = reads().lessons(owner, fromCursor(before), limit + 1)
      return pageFrom(rows, limit, (row) => row.seq, toLesson)
    },
    async lessonsStamp(owner) {
      return reads().lessonsStamp(owner)
    },
    async teach(owner, { message, agent, instead }) {
      await write('teach', { owner, message, agent, instead, now: clock.wall() })
    },
    async unteach(owner, message) {
      await write('unteach', { owner, message })
    },
  }
}

const ORDER = new Intl.Collator()
const time = (ms: number) => new Date(ms).toISOString()

// Rows come from a disk that others may have touched: they are parsed like any input.
const toProject = (row: ProjectRow): Project =>
  parse('project', row.id, Project, { ...row, created: time(row.created), updated: time(row.updated) })
const toSnippet = (row: SnippetRow): Snippet =>
  parse('snippet', row.name, Snippet, { ...row, updated: time(row.updated) })
const toLesson = (row: LessonRow): Lesson =>
  parse('lesson', row.message, Lesson, { ...row, created: time(row.created) })
const Json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    context.addIssue('is no JSON')
    return z.NEVER
  }
})
const StoredBy = Json.pipe(Memory.shape.by)
const toMemory = ({ last_used: lastUsed, ...row }: MemoryRow): Memory =>
  parse('memory', row.id, Memory.extend({ by: StoredBy }), {
    ...row,
    always: row.always === 1,
    created: time(row.created),
    updated: time(row.updated),
    lastUsed: lastUsed === null ? null : time(lastUsed),
  })

function parse<T extends z.ZodType>(what: string, name: string, schema: T, row: unknown): z.output<T> {
  const parsed = schema.safeParse(row)
  if (parsed.success) return parsed.data
  throw new Fault('store.failed', { what: `${what} ${name} is damaged` }, { cause: parsed.error })
}
