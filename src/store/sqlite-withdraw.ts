import type { DatabaseSync } from 'node:sqlite'
import type { AttachmentRow } from './attachment-rows.ts'
import type { SessionRow } from './changes.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { CHANGES } from './statements.ts'
import { titleOf } from './title.ts'
import { STEP, type WithdrawChanges } from './withdraw.ts'

const RUNS = 'SELECT id FROM runs WHERE message = :message'
const BEGUN = `EXISTS (SELECT 1 FROM chunks c WHERE c.run = r.id AND instr(c.entries, '${STEP}') > 0)`

const WRITE = {
  session: CHANGES.session,
  message: `SELECT text, after FROM messages WHERE id = :message AND session = :session AND owner = :owner AND role = 'user'`,
  begun: `SELECT 1 FROM runs r WHERE r.message = :message AND ${BEGUN}
    UNION ALL
    SELECT 1 FROM messages m JOIN runs r ON r.message = m.id
      WHERE m.session = :session AND m.role = 'user' AND m.after IN (${RUNS}) AND (r.state = 'running' OR ${BEGUN})
    LIMIT 1`,
  runs: RUNS,
  brought: 'SELECT a.* FROM attached t JOIN attachments a ON a.id = t.attachment WHERE t.message = :message',
  follow: `UPDATE messages SET after = :after WHERE session = :session AND role = 'user' AND after IN (${RUNS})`,
  remove: 'DELETE FROM runs WHERE message = :message',
  keep: `INSERT INTO attachments (id, owner, hash, name, type, bytes, created)
    VALUES (:id, :owner, :hash, :name, :type, :bytes, :created) ON CONFLICT (id) DO UPDATE SET created = :created`,
  below: CHANGES.newestBelow,
  newest: 'SELECT id FROM runs WHERE session = :session ORDER BY seq DESC LIMIT 1',
  first: `SELECT text FROM messages WHERE session = :session ORDER BY seq LIMIT 1`,
  rest: 'UPDATE sessions SET tip = :tip, title = :title WHERE id = :session',
  nextNews: CHANGES.nextNews,
  touch: CHANGES.touch,
} as const

export function withdrawChanges(db: DatabaseSync): WithdrawChanges {
  const sql = prepareAll(db, WRITE)
  return {
    withdraw({ owner, session, message, now }) {
      const there = sql.session.get({ id: session, owner }) as SessionRow | undefined
      if (there === undefined) throw new Refusal('session.missing', session)
      const said = sql.message.get({ message, session, owner }) as { text: string; after: string | null } | undefined
      if (said === undefined) throw new Refusal('message.missing', message)
      if (sql.begun.get({ message, session }) !== undefined) throw new Refusal('message.begun', message)
      const runs = (sql.runs.all({ message }) as { id: string }[]).map(({ id }) => id)
      const brought = sql.brought.all({ message }) as AttachmentRow[]
      sql.follow.run({ after: said.after, session, message })
      sql.remove.run({ message })
      for (const file of brought) sql.keep.run({ ...file, created: now })
      const up = said.after === null ? sql.newest.get({ session }) : sql.below.get({ run: said.after, session })
      const tip =
        there.tip !== null && runs.includes(there.tip) ? ((up?.['id'] as string | undefined) ?? null) : there.tip
      const isIts = there.named === 0 && there.title === titleOf(said.text)
      const title = isIts ? titleOf(String(sql.first.get({ session })?.['text'] ?? '')) : there.title
      sql.rest.run({ session, tip, title })
      sql.nextNews.run()
      sql.touch.run({ session })
      return runs
    },
  }
}
