import type { DatabaseSync } from 'node:sqlite'
import type { ArchiveChanges, ArchiveReads, ImportedPart } from './archive-rows.ts'
import type { AttachmentRow } from './attachment-rows.ts'
import type { MessageRow, RunRow, SessionRow } from './changes.ts'
import { prepareAll } from './prepare.ts'
import { CHANGES, READS } from './statements.ts'

const WRITE = {
  addSession: `INSERT INTO sessions (id, owner, title, named, created, updated, used, tip, pinned, folder, archived,
      removed)
    VALUES (:id, :owner, :title, :named, :created, :updated,
      (SELECT coalesce(max(u.used), 0) + 1 FROM sessions u WHERE u.owner = :owner), :tip, :pinned, :folder, :archived,
      :removed)`,
  count: 'SELECT count(*) AS n FROM messages WHERE session = ?',
  show: 'UPDATE sessions SET removed = NULL WHERE id = :session AND owner = :owner',
  addRun: `INSERT INTO runs (id, owner, session, message, agent, backend, model, priority, temperature, plan, format, state, reason,
      head, epoch, created)
    VALUES (:id, :owner, :session, :message, :agent, :backend, :model, :priority, :temperature, :plan, :format, 'ended', :reason,
      :head, 1, :created)`,
  addMessage: `INSERT INTO messages (id, owner, session, run, role, text, created, agent, model, reason, fault, after, finish,
      remote, recalled, did)
    VALUES (:id, :owner, :session, :run, :role, :text, :created, :agent, :model, :reason, :fault, :after, :finish,
      :remote, :recalled, :did)`,
  addChunk: CHANGES.addChunk,
  attach: 'INSERT INTO attached (message, place, attachment) VALUES (?, ?, ?)',
  nextNews: CHANGES.nextNews,
  touch: CHANGES.touch,
  session: CHANGES.session,
} as const

export function archiveChanges(db: DatabaseSync): ArchiveChanges {
  const sql = prepareAll(db, WRITE)
  function write(owner: string, session: string, { runs, messages }: ImportedPart): null {
    for (const { chunks, ...run } of runs) {
      sql.addRun.run({ ...run, owner, session })
      for (const { first, last, entries } of chunks) sql.addChunk.run(run.id, last, first, 1, owner, entries)
    }
    for (const { attachments, ...message } of messages) {
      sql.addMessage.run({ ...message, owner, session })
      for (const [place, attachment] of attachments.entries()) sql.attach.run(message.id, place, attachment)
    }
    return null
  }
  return {
    importSession({ owner, session, now }) {
      sql.addSession.run({ owner, ...session, removed: now })
      return null
    },
    importPart: ({ owner, session, ...part }) => write(owner, session, part),
    importEnd({ owner, session, messages }) {
      if ((sql.count.get(session) as { n: number }).n !== messages) throw new Error(`${session} is not whole`)
      sql.show.run({ session, owner })
      sql.nextNews.run()
      sql.touch.run({ session })
      return sql.session.get({ owner, id: session }) as SessionRow
    },
  }
}

const READ = {
  session: READS.session,
  messages: `SELECT seq, id, owner, session, run, role, text, created, agent, model, reason, fault, after, finish,
      remote, recalled, did FROM messages WHERE session = ? ORDER BY seq`,
  runs: `SELECT seq, id, owner, session, message, state, reason, head, epoch, cancel, agent, backend, model, priority, created,
    base, continues, key, temperature, plan, format FROM runs WHERE session = ? ORDER BY seq`,
  attached: `SELECT t.message, a.* FROM messages m JOIN attached t ON t.message = m.id JOIN attachments a ON a.id = t.attachment
    WHERE m.session = ? ORDER BY m.seq, t.place`,
} as const

export function archiveReads(db: DatabaseSync): ArchiveReads {
  const sql = prepareAll(db, READ)
  return {
    whole(owner, id) {
      const session = sql.session.get(id, owner) as SessionRow | undefined
      if (session === undefined) return null
      return {
        session,
        messages: sql.messages.all(id) as MessageRow[],
        runs: sql.runs.all(id) as RunRow[],
        attached: sql.attached.all(id) as (AttachmentRow & { message: string })[],
      }
    },
  }
}
