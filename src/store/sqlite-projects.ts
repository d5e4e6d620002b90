import type { DatabaseSync } from 'node:sqlite'
import type { MindChanges, MindReads, ProjectRow, WorkplaceRow } from './mind-rows.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { CHANGES } from './statements.ts'

type Names = 'beginIn' | 'createProject' | 'changeProject' | 'removeProject' | 'restoreProject'

const PROJECT = `*, (SELECT count(*) FROM sessions s WHERE s.project = projects.id AND s.removed IS NULL) AS sessions`
const OWN = 'owner = :owner AND id = :id AND removed IS NULL'

export function projectChanges(db: DatabaseSync): Pick<MindChanges, Names> {
  const sql = prepareAll(db, {
    count: 'SELECT count(*) AS n FROM projects WHERE owner = ? AND removed IS NULL',
    add: `INSERT INTO projects (id, owner, name, folder, instructions, created, updated)
      VALUES (:id, :owner, :name, :folder, :instructions, :now, :now) RETURNING ${PROJECT}`,
    project: `SELECT ${PROJECT} FROM projects WHERE ${OWN}`,
    change: `UPDATE projects SET name = :name, folder = :folder, instructions = :instructions, updated = :now
      WHERE id = :id RETURNING ${PROJECT}`,
    remove: `UPDATE projects SET removed = :now WHERE ${OWN}`,
    restore: `UPDATE projects SET removed = NULL
      WHERE owner = :owner AND id = :id AND (removed IS NULL OR removed >= :since) RETURNING ${PROJECT}`,
    begin: 'UPDATE runs SET folder = :folder WHERE id = :run AND owner = :owner AND folder IS NULL',
    sessions: 'SELECT id FROM sessions WHERE project = ?',
    nextNews: CHANGES.nextNews,
    touch: CHANGES.touch,
  })
  /** Tells the feed that they name it, or no more. */
  const touchAll = (id: string) => {
    for (const { id: session } of sql.sessions.all(id) as { id: string }[]) {
      sql.nextNews.run()
      sql.touch.run({ session })
    }
  }
  return {
    beginIn(a) {
      sql.begin.run(a)
      return null
    },
    createProject({ most, ...a }) {
      if ((sql.count.get(a.owner) as { n: number }).n >= most) throw new Refusal('project.many', String(most))
      return sql.add.get(a) as ProjectRow
    },
    changeProject({ owner, id, change, now }) {
      const known = sql.project.get({ owner, id }) as ProjectRow | undefined
      if (known === undefined) throw new Refusal('project.missing', id)
      const { name = known.name, folder = known.folder, instructions = known.instructions } = change
      return sql.change.get({ id, name, folder, instructions, now }) as ProjectRow
    },
    removeProject({ owner, id, now }) {
      if (sql.remove.run({ owner, id, now }).changes === 0) throw new Refusal('project.missing', id)
      touchAll(id)
      return null
    },
    restoreProject({ owner, id, since }) {
      const row = sql.restore.get({ owner, id, since }) as ProjectRow | undefined
      if (row === undefined) throw new Refusal('project.missing', id)
      touchAll(id)
      return row
    },
  }
}

export function projectReads(db: DatabaseSync): Pick<MindReads, 'projects' | 'project' | 'workplaces'> {
  const sql = prepareAll(db, {
    projects: `SELECT ${PROJECT} FROM projects WHERE owner = ? AND removed IS NULL`,
    project: `SELECT ${PROJECT} FROM projects WHERE ${OWN}`,
    workplaces: `WITH RECURSIVE up (run, height) AS (
        SELECT :run, 0
        UNION ALL
        SELECT s.parent, height + 1 FROM up JOIN runs r ON r.id = up.run JOIN sessions s ON s.id = r.session
          WHERE s.parent IS NOT NULL)
      SELECT r.session, r.folder, (SELECT p.id FROM projects p WHERE p.id = s.project AND p.removed IS NULL) AS project
      FROM up JOIN runs r ON r.id = up.run JOIN sessions s ON s.id = r.session
      WHERE r.owner = :owner AND s.removed IS NULL ORDER BY height`,
  })
  return {
    workplaces: (owner, run) => sql.workplaces.all({ owner, run }) as WorkplaceRow[],
    projects: (owner) => sql.projects.all(owner) as ProjectRow[],
    project: (owner, id) => (sql.project.get({ owner, id }) as ProjectRow | undefined) ?? null,
  }
}
