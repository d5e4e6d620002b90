import type { DatabaseSync } from 'node:sqlite'
import type { MemoryRow, MindChanges, MindReads, ProjectRow, VectorRow } from './mind-rows.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'

type ChangeNames = 'remember' | 'changeMemory' | 'forget' | 'restoreMemory' | 'memoriesTold' | 'keepVectors'
type ReadNames = 'memories' | 'alwaysTold' | 'countMemories' | 'memoriesWith' | 'unmeasured' | 'vectors' | 'memoryAt'

/** One whose project is removed is missing with it. */
const ALIVE = `m.removed IS NULL
  AND (m.project IS NULL OR EXISTS (SELECT 1 FROM projects p WHERE p.id = m.project AND p.removed IS NULL))`
const THERE = `m.owner = :owner AND ${ALIVE}`
const IN = `${THERE} AND (:how = 'all' OR m.project IS :project OR (:how = 'reaching' AND m.project IS NULL))`

export function memoryFactChanges(db: DatabaseSync): Pick<MindChanges, ChangeNames> {
  const sql = prepareAll(db, {
    project: 'SELECT * FROM projects WHERE owner = :owner AND id = :project AND removed IS NULL',
    same: `SELECT m.* FROM memories m
      WHERE ${THERE} AND substr(m.text, 1, 40) = substr(:text, 1, 40) AND m.text = :text AND m.project IS :project`,
    count: 'SELECT count(*) AS n FROM memories WHERE owner = :owner AND removed IS NULL',
    add: `INSERT INTO memories (id, owner, project, text, always, by, created, updated)
      VALUES (:id, :owner, :project, :text, :always, :by, :now, :now) RETURNING *`,
    memory: `SELECT m.* FROM memories m WHERE m.id = :id AND ${THERE}`,
    change: `UPDATE memories SET text = :text, project = :project, always = :always, updated = :now WHERE id = :id RETURNING *`,
    forget: `UPDATE memories AS m SET removed = :now WHERE m.id = :id AND ${THERE}`,
    restore: `UPDATE memories SET removed = NULL
      WHERE owner = :owner AND id = :id AND (removed IS NULL OR removed >= :since) RETURNING *`,
    told: `INSERT OR IGNORE INTO told (run, memory)
      SELECT r.id, m.id FROM runs r, memories m WHERE r.id = :run AND r.owner = :owner AND m.id = :id AND m.owner = :owner`,
    keep: `INSERT OR REPLACE INTO memory_vectors (memory, model, scale, middle, spread, v)
      SELECT m.id, :model, :scale, :middle, :spread, :v FROM memories m WHERE m.id = :memory AND m.text = :text AND ${ALIVE}`,
    count1: 'UPDATE memories SET used = used + 1, last_used = :now WHERE id = :id',
  })
  const check = (owner: string, project: string | null | undefined) => {
    if (typeof project !== 'string') return
    if ((sql.project.get({ owner, project }) as ProjectRow | undefined) === undefined)
      throw new Refusal('project.missing', project)
  }
  return {
    remember({ most, ...a }) {
      check(a.owner, a.project)
      const { owner, project, text } = a
      const same = sql.same.get({ owner, project, text }) as MemoryRow | undefined
      if (same !== undefined) return same
      if ((sql.count.get({ owner }) as { n: number }).n >= most) throw new Refusal('memory.many', String(most))
      return sql.add.get(a) as MemoryRow
    },
    changeMemory({ owner, id, change, now }) {
      const known = sql.memory.get({ owner, id }) as MemoryRow | undefined
      if (known === undefined) throw new Refusal('memory.missing', id)
      check(owner, change.project)
      const { text = known.text, project = known.project, always = known.always } = change
      return sql.change.get({ id, text, project, always, now }) as MemoryRow
    },
    forget({ owner, id, now }) {
      if (sql.forget.run({ owner, id, now }).changes === 0) throw new Refusal('memory.missing', id)
      return null
    },
    restoreMemory({ owner, id, since }) {
      const row = sql.restore.get({ owner, id, since }) as MemoryRow | undefined
      if (row === undefined || sql.memory.get({ owner, id }) === undefined) throw new Refusal('memory.missing', id)
      return row
    },
    memoriesTold({ owner, run, ids, now }) {
      for (const id of ids) if (sql.told.run({ owner, run, id }).changes === 1) sql.count1.run({ id, now })
      return null
    },
    keepVectors({ model, rows }) {
      for (const row of rows) sql.keep.run({ model, ...row })
      return null
    },
  }
}

export function memoryFactReads(db: DatabaseSync): Pick<MindReads, ReadNames> {
  const sql = prepareAll(db, {
    memories: `SELECT m.* FROM memories m WHERE ${IN} AND m.seq < :before ORDER BY m.seq DESC LIMIT :limit`,
    always: `SELECT m.* FROM memories m WHERE ${IN} AND m.always = 1 ORDER BY m.seq LIMIT :limit`,
    count: `SELECT count(*) AS n FROM memories m WHERE ${IN}`,
    unmeasured: `SELECT m.id, m.text FROM memories m LEFT JOIN memory_vectors v ON v.memory = m.id AND v.model = :model
      WHERE v.memory IS NULL AND m.always = 0 AND ${ALIVE} ORDER BY m.seq LIMIT :limit`,
    vectors: `SELECT m.seq, v.scale, v.middle, v.spread, v.v FROM memories m JOIN memory_vectors v ON v.memory = m.id
      WHERE ${IN} AND m.always = 0 AND v.model = :model AND m.seq > :after ORDER BY m.seq LIMIT :limit`,
    at: `SELECT m.* FROM memories m WHERE ${IN} AND m.seq = :seq`,
    find: `SELECT m.* FROM memory_words JOIN memories m ON m.seq = memory_words.rowid
      WHERE memory_words MATCH :words AND ${IN} ORDER BY memory_words.rank, m.seq DESC LIMIT :limit`,
  })
  return {
    memories: (owner, scope, before, limit) => sql.memories.all({ owner, ...scope, before, limit }) as MemoryRow[],
    alwaysTold: (owner, scope, limit) => sql.always.all({ owner, ...scope, limit }) as MemoryRow[],
    countMemories: (owner, scope) => (sql.count.get({ owner, ...scope }) as { n: number }).n,
    unmeasured: (model, limit) => sql.unmeasured.all({ model, limit }) as { id: string; text: string }[],
    vectors: (owner, scope, model, after, limit) =>
      sql.vectors.all({ owner, ...scope, model, after, limit }) as (VectorRow & { seq: number })[],
    memoryAt: (owner, scope, seq) => (sql.at.get({ owner, ...scope, seq }) as MemoryRow | undefined) ?? null,
    memoriesWith(owner, scope, beginnings, limit) {
      if (beginnings.length === 0) return []
      // They hold letters and digits only, and as strings they are no operators either.
      const words = beginnings.map((word) => `"${word}"*`).join(' OR ')
      return sql.find.all({ owner, ...scope, words, limit }) as MemoryRow[]
    },
  }
}
