import type { ArchiveChanges, ArchiveReads } from './archive-rows.ts'
import type { AttachmentChanges, AttachmentReads } from './attachment-rows.ts'
import { runRow, sessionRow, type Disk, type StoredRun } from './memory-disk.ts'

export function memoryArchiveChanges(disk: Disk): ArchiveChanges {
  return {
    importSession({ owner, session, now }) {
      disk.sessions.set(session.id, {
        ...session,
        owner,
        used: disk.next(),
        removed: now,
        parent: null,
        project: null,
        changed: 0,
      })
      return null
    },
    importPart({ owner, session, runs, messages }) {
      if (messages.some(({ id }) => disk.messages.has(id))) throw new Error('an id is taken')
      for (const { chunks, ...run } of runs)
        disk.runs.set(run.id, {
          ...run,
          seq: disk.next(),
          owner,
          session,
          state: 'ended',
          epoch: 1,
          cancel: 0,
          base: null,
          continues: 0,
          key: null,
          lease: 0,
          worker: null,
          chunks: chunks.map((chunk) => ({ ...chunk, epoch: 1 })),
        } satisfies StoredRun)
      for (const { attachments, ...message } of messages) {
        disk.messages.set(message.id, { ...message, seq: disk.next(), owner, session })
        if (attachments.length > 0) disk.attached.set(message.id, attachments)
      }
      return null
    },
    importEnd({ owner, session: id, messages }) {
      const session = disk.sessions.get(id)
      if (session?.owner !== owner || disk.messages.in('session', id).length !== messages)
        throw new Error(`${id} is not whole`)
      session.removed = null
      session.changed = ++disk.news
      return sessionRow(disk, session)
    },
  }
}

export function memoryArchiveReads(disk: Disk): ArchiveReads {
  return {
    whole(owner, id) {
      const session = disk.sessions.get(id)
      if (session?.owner !== owner || session.removed !== null) return null
      const messages = disk.messages.in('session', id)
      return {
        session: sessionRow(disk, session),
        messages,
        runs: disk.runs.in('session', id).map(runRow),
        attached: messages.flatMap(({ id: message }) =>
          (disk.attached.get(message) ?? []).map((one) => ({ ...disk.attachments.get(one)!, message })),
        ),
      }
    },
  }
}

export function memoryAttachmentChanges(disk: Disk): AttachmentChanges {
  return {
    addAttachment(row) {
      disk.attachments.set(row.id, row)
      return row
    },
    sweepAttachments({ before }) {
      const brought = new Set([...disk.attached.values()].flat())
      const gone = [...disk.attachments.values()].filter((one) => one.created < before && !brought.has(one.id))
      for (const { id } of gone) disk.attachments.delete(id)
      return gone.length
    },
  }
}

export function memoryAttachmentReads(disk: Disk): AttachmentReads {
  return {
    attachment(owner, id) {
      const row = disk.attachments.get(id)
      return row?.owner === owner ? row : null
    },
    isBlobUsed: (hash) => [...disk.attachments.values()].some((row) => row.hash === hash),
  }
}

/** What only these messages brought goes with them. */
export function forgetAttached(disk: Disk, messages: readonly string[]): void {
  const candidates = messages.flatMap((id) => disk.attached.get(id) ?? [])
  for (const id of messages) disk.attached.delete(id)
  const brought = new Set([...disk.attached.values()].flat())
  for (const id of candidates) if (!brought.has(id)) disk.attachments.delete(id)
}
