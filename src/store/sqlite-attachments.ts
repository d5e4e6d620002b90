import type { DatabaseSync } from 'node:sqlite'
import type { AttachmentChanges, AttachmentReads, AttachmentRow } from './attachment-rows.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'

export function attachmentChanges(db: DatabaseSync): AttachmentChanges {
  const sql = prepareAll(db, {
    add: `INSERT INTO attachments (id, owner, hash, name, type, bytes, created)
      VALUES (:id, :owner, :hash, :name, :type, :bytes, :created) RETURNING *`,
    sweep: `DELETE FROM attachments WHERE created < :before
      AND NOT EXISTS (SELECT 1 FROM attached t WHERE t.attachment = attachments.id)`,
  })
  return {
    addAttachment: (a) => sql.add.get(a) as AttachmentRow,
    sweepAttachments: ({ before }) => Number(sql.sweep.run({ before }).changes),
  }
}

/** What a message brings: looked at before it is written, and noted after. */
export function bringing(db: DatabaseSync) {
  const sql = prepareAll(db, {
    own: 'SELECT 1 FROM attachments WHERE id = ? AND owner = ?',
    brought: 'SELECT attachment FROM attached WHERE message = ? ORDER BY place',
    attach: 'INSERT INTO attached (message, place, attachment) VALUES (?, ?, ?)',
  })
  return {
    check(owner: string, ids: readonly string[]): void {
      for (const id of ids) if (sql.own.get(id, owner) === undefined) throw new Refusal('attachment.missing', id)
    },
    note(message: string, ids: readonly string[]): void {
      for (const [place, id] of ids.entries()) sql.attach.run(message, place, id)
    },
    isSame(message: string, ids: readonly string[]): boolean {
      const brought = sql.brought.all(message) as { attachment: string }[]
      return brought.length === ids.length && brought.every(({ attachment }, i) => attachment === ids[i])
    },
  }
}

export function attachmentReads(db: DatabaseSync): AttachmentReads {
  const sql = prepareAll(db, {
    attachment: 'SELECT * FROM attachments WHERE id = ? AND owner = ?',
    isBlobUsed: 'SELECT 1 FROM attachments WHERE hash = ? LIMIT 1',
  })
  return {
    attachment: (owner, id) => (sql.attachment.get(id, owner) as AttachmentRow | undefined) ?? null,
    isBlobUsed: (hash) => sql.isBlobUsed.get(hash) !== undefined,
  }
}
