import type { DatabaseSync } from 'node:sqlite'
import { UNANSWERED, type RunRow } from './changes.ts'
import type { ChildChanges, ChildReads } from './child-rows.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { CHANGES } from './statements.ts'

/** From a session up to the one that a person sees, itself first. */
export const UP = `WITH RECURSIVE up (id, height) AS (
    SELECT :session, 0
    UNION ALL
    SELECT r.session, up.height + 1 FROM up JOIN sessions s ON s.id = up.id JOIN runs r ON r.id = s.parent)`
export const ROOT = `${UP} SELECT id, height FROM up ORDER BY height DESC LIMIT 1`

export function childChanges(db: DatabaseSync): ChildChanges {
  const sql = prepareAll(db, {
    ownRun: CHANGES.ownRun,
    keyed: CHANGES.keyed,
    root: ROOT,
    children: 'SELECT count(*) AS n FROM sessions WHERE parent = ?',
    addSession: CHANGES.addSession,
    below: 'UPDATE sessions SET parent = :parent, tip = :run WHERE id = :session',
    addRun: CHANGES.addRun,
    addMessage: CHANGES.addMessage,
    nextNews: CHANGES.nextNews,
    touch: CHANGES.touch,
  })
  return {
    delegate({ owner, parent: parentId, key, session, id, run, text, title, now, deepest, most, ...wish }) {
      const parent = sql.ownRun.get({ owner, run: parentId }) as RunRow | undefined
      if (parent === undefined) throw new Refusal('run.missing', parentId)
      const known = sql.keyed.get({ owner, key }) as RunRow | undefined
      if (known !== undefined) return known
      if (parent.state === 'ended' || parent.cancel === 1) throw new Refusal('child.late', parentId)
      const { height } = sql.root.get({ session: parent.session }) as { height: number }
      if (height >= deepest) throw new Refusal('child.deep', String(deepest))
      if ((sql.children.get(parentId) as { n: number }).n >= most) throw new Refusal('child.many', String(most))
      sql.addSession.get({ id: session, owner, title, named: 0, project: null, now })
      sql.below.run({ parent: parentId, run, session })
      const row = sql.addRun.get({ run, owner, session, id, now, ...wish, base: null, continues: 0, key }) as RunRow
      sql.addMessage.run({ id, owner, session, run, role: 'user', text, now, ...UNANSWERED, after: null })
      sql.nextNews.run()
      sql.touch.run({ session })
      return row
    },
  }
}

export function childReads(db: DatabaseSync): ChildReads {
  const sql = prepareAll(db, { root: ROOT })
  return { rootOf: (session) => (sql.root.get({ session }) as { id: string }).id }
}
