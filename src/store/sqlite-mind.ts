import type { DatabaseSync } from 'node:sqlite'
import { TAUGHT, type LessonRow, type MindChanges, type MindReads, type SnippetRow } from './mind-rows.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { memoryFactChanges, memoryFactReads } from './sqlite-memories.ts'
import { projectChanges, projectReads } from './sqlite-projects.ts'

export function mindChanges(db: DatabaseSync): MindChanges {
  const sql = prepareAll(db, {
    countSnippets: 'SELECT count(*) AS n FROM snippets WHERE owner = :owner AND name <> :name',
    writeSnippet: `INSERT INTO snippets (owner, name, text, updated) VALUES (:owner, :name, :text, :updated)
      ON CONFLICT (owner, name) DO UPDATE SET text = excluded.text, updated = excluded.updated RETURNING *`,
    removeSnippet: 'DELETE FROM snippets WHERE owner = :owner AND name = :name',
    asked: `SELECT 1 FROM messages m JOIN sessions s ON s.id = m.session
      WHERE m.id = :message AND m.owner = :owner AND m.role = 'user' AND s.removed IS NULL`,
    unteach: 'DELETE FROM lessons WHERE message = :message AND owner = :owner',
    teach: `INSERT INTO lessons (message, owner, agent, instead, created) VALUES (:message, :owner, :agent, :instead, :now)`,
  })
  return {
    ...projectChanges(db),
    ...memoryFactChanges(db),
    writeSnippet({ most, ...row }) {
      const { n } = sql.countSnippets.get({ owner: row.owner, name: row.name }) as { n: number }
      if (n >= most) throw new Refusal('snippet.many', String(most))
      return sql.writeSnippet.get(row) as SnippetRow
    },
    removeSnippet(a) {
      sql.removeSnippet.run(a)
      return null
    },
    teach({ owner, message, agent, instead, now }) {
      if (sql.asked.get({ message, owner }) === undefined) throw new Refusal('message.missing', message)
      sql.unteach.run({ message, owner })
      if (agent !== instead) sql.teach.run({ message, owner, agent, instead, now })
      return null
    },
    unteach(a) {
      sql.unteach.run(a)
      return null
    },
  }
}

export function mindReads(db: DatabaseSync): MindReads {
  const sql = prepareAll(db, {
    snippets: 'SELECT * FROM snippets WHERE owner = ?',
    lessons: `SELECT l.*, m.session, iif(length(m.text) <= ${TAUGHT.most}, m.text,
        substr(m.text, 1, ${TAUGHT.head}) || char(10) || '…' || char(10) || substr(m.text, -${TAUGHT.tail})) AS text FROM lessons l JOIN messages m ON m.id = l.message JOIN sessions s ON s.id = m.session
      WHERE l.owner = :owner AND l.seq < :before AND s.removed IS NULL ORDER BY l.seq DESC LIMIT :limit`,
    stamp: `SELECT count(*) || '-' || coalesce(max(l.seq), 0) || '-' || coalesce(sum(l.seq), 0) AS stamp
      FROM lessons l JOIN messages m ON m.id = l.message JOIN sessions s ON s.id = m.session
      WHERE l.owner = ? AND s.removed IS NULL`,
  })
  return {
    ...projectReads(db),
    ...memoryFactReads(db),
    snippets: (owner) => sql.snippets.all(owner) as SnippetRow[],
    lessons: (owner, before, limit) => sql.lessons.all({ owner, before, limit }) as LessonRow[],
    lessonsStamp: (owner) => (sql.stamp.get(owner) as { stamp: string }).stamp,
  }
}
