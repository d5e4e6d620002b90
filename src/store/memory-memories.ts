import type { Disk } from './memory-disk.ts'
import type { MemoryRow, MindChanges, MindReads, Scope } from './mind-rows.ts'
import { Refusal } from './refusal.ts'
import { wordsOf } from './words.ts'

type ChangeNames = 'remember' | 'changeMemory' | 'forget' | 'restoreMemory' | 'memoriesTold' | 'keepVectors'
type ReadNames = 'memories' | 'alwaysTold' | 'countMemories' | 'memoriesWith' | 'unmeasured' | 'vectors' | 'memoryAt'

const isProject = (disk: Disk, owner: string, id: string): boolean => {
  const project = disk.projects.get(id)
  return project?.owner === owner && project.removed === null
}
/** One whose project is removed is missing with it. */
const isThere = (disk: Disk, owner: string, { owner: of, removed, project }: MemoryRow): boolean =>
  of === owner && removed === null && (project === null || isProject(disk, owner, project))

function inScope(disk: Disk, owner: string, { how, project }: Scope): MemoryRow[] {
  return [...disk.memories.values()].filter(
    (memory) =>
      isThere(disk, owner, memory) &&
      (how === 'all' || memory.project === project || (how === 'reaching' && memory.project === null)),
  )
}

export function memoryFactChanges(disk: Disk): Pick<MindChanges, ChangeNames> {
  const check = (owner: string, project: string | null | undefined) => {
    if (typeof project === 'string' && !isProject(disk, owner, project)) throw new Refusal('project.missing', project)
  }
  const memoryOf = (owner: string, id: string): MemoryRow => {
    const memory = disk.memories.get(id)
    if (memory === undefined || !isThere(disk, owner, memory)) throw new Refusal('memory.missing', id)
    return memory
  }
  const put = (memory: MemoryRow): MemoryRow => {
    if (memory.removed !== null || disk.memories.get(memory.id)?.text !== memory.text) disk.vectors.delete(memory.id)
    disk.memories.set(memory.id, memory)
    return memory
  }
  return {
    remember({ most, now, ...memory }) {
      const { owner, project, text } = memory
      check(owner, project)
      const same = inScope(disk, owner, { how: 'only', project }).find((one) => one.text === text)
      if (same !== undefined) return same
      const count = [...disk.memories.values()].filter((one) => one.owner === owner && one.removed === null).length
      if (count >= most) throw new Refusal('memory.many', String(most))
      const fresh = { seq: disk.next(), created: now, updated: now, used: 0, last_used: null, removed: null }
      return put({ ...memory, ...fresh })
    },
    changeMemory({ owner, id, change, now }) {
      const known = memoryOf(owner, id)
      check(owner, change.project)
      const { text = known.text, project = known.project, always = known.always } = change
      return put({ ...known, text, project, always, updated: now })
    },
    forget({ owner, id, now }) {
      put({ ...memoryOf(owner, id), removed: now })
      return null
    },
    restoreMemory({ owner, id, since }) {
      const memory = disk.memories.get(id)
      if (memory === undefined || (memory.removed !== null && memory.removed < since))
        throw new Refusal('memory.missing', id)
      const back = { ...memory, removed: null }
      if (!isThere(disk, owner, back)) throw new Refusal('memory.missing', id)
      return put(back)
    },
    memoriesTold({ owner, run, ids, now }) {
      for (const id of ids) {
        const memory = disk.memories.get(id)
        const told = `${run} ${id}`
        if (memory?.owner !== owner || disk.runs.get(run)?.owner !== owner || disk.told.has(told)) continue
        disk.told.add(told)
        put({ ...memory, used: memory.used + 1, last_used: now })
      }
      return null
    },
    keepVectors({ model, rows }) {
      for (const { memory: id, text, ...row } of rows) {
        const memory = disk.memories.get(id)
        if (memory?.text === text && isThere(disk, memory.owner, memory)) disk.vectors.set(id, { ...row, model })
      }
      return null
    },
  }
}

export function memoryFactReads(disk: Disk): Pick<MindReads, ReadNames> {
  return {
    memories: (owner, scope, before, limit) =>
      inScope(disk, owner, scope)
        .filter(({ seq }) => seq < before)
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit),
    alwaysTold: (owner, scope, limit) =>
      inScope(disk, owner, scope)
        .filter(({ always }) => always === 1)
        .slice(0, limit),
    countMemories: (owner, scope) => inScope(disk, owner, scope).length,
    unmeasured: (model, limit) =>
      [...disk.memories.values()]
        .filter((one) => one.always === 0 && isThere(disk, one.owner, one) && disk.vectors.get(one.id)?.model !== model)
        .slice(0, limit)
        .map(({ id, text }) => ({ id, text })),
    vectors: (owner, scope, model, after, limit) =>
      inScope(disk, owner, scope)
        .filter(({ seq, always }) => seq > after && always === 0)
        .flatMap(({ id, seq }) => {
          const row = disk.vectors.get(id)
          return row?.model === model ? [{ ...row, seq }] : []
        })
        .slice(0, limit),
    memoryAt: (owner, scope, wanted) => inScope(disk, owner, scope).find(({ seq }) => seq === wanted) ?? null,
    memoriesWith: (owner, scope, beginnings) =>
      inScope(disk, owner, scope)
        .filter(({ text }) => wordsOf(text).some((word) => beginnings.some((beginning) => word.startsWith(beginning))))
        .sort((a, b) => b.seq - a.seq),
  }
}
