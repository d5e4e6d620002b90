import { setImmediate as turn } from 'node:timers/promises'
import { fileName, kindOf } from '../core/file-kind.ts'
import { readImport } from '../imports/read-import.ts'
import type { Renewed } from '../imports/renew.ts'
import { runMarkdown } from '../views/export-run.ts'
import { sessionMarkdown } from '../views/export-session.ts'
import type { RunArchive, SessionArchive } from '../wire/archive.ts'
import { MOST_ATTACHMENTS, MOST_BYTES, type Attachment, type AttachmentId } from '../wire/attachment.ts'
import { Fault } from '../wire/fault.ts'
import type { MessageId, OwnerId } from '../wire/id.ts'
import type { Session } from '../wire/message.ts'
import type { THING_ROUTES } from '../wire/thing-routes.ts'
import type { Handlers, HttpDeps } from './caller.ts'
import { allSessions, named, withBytes, withLogs, wholeLog } from './archives.ts'
import { Download, fileCalled } from './download.ts'

/** How many sessions of an import are written at once. */
const AT_ONCE = 50
/** So many sessions and files are taken from an import, and so much of what is left out is told. */
const MOST_SESSIONS = 50_000
const MOST_FILES = 2000
const MOST_TOLD = 500
const MARKDOWN = 'text/markdown; charset=utf-8'

/** What is found, taken out, brought in and attached. */
export function thingHandlers(deps: HttpDeps): Pick<Handlers, keyof typeof THING_ROUTES> {
  const { store, blobs, clock, say } = deps
  return {
    search: async ({ query }, { owner }) => {
      const { rows, next } = await store.search(owner, query)
      return { hits: rows, next }
    },

    runsExport: async ({ params, query }, { owner }) => {
      const run = await store.run(owner, params.run)
      const { rows } = await store.messages(owner, run.session, { run: run.id, limit: 2 })
      const question = rows.findLast((message) => message.role === 'user')?.text ?? ''
      const archive: RunArchive = { pkn: 'run', version: 1, run, question, entries: await wholeLog(deps, run.id) }
      if (query.format === 'markdown') return markdown(question, runMarkdown(archive))
      return json(question, archive)
    },
    sessionsExport: async ({ params, query }, { owner }) => {
      const { archive, attached } = await store.archive(owner, params.session)
      const { title } = archive.session
      if (query.format === 'markdown') return markdown(title, sessionMarkdown(named(archive, attached)))
      const files = await withBytes(archive, attached, blobs)
      return json(title, query.logs === 'true' ? await withLogs(files, deps) : files)
    },

    exportAll: async ({ query }, { owner }) => {
      const day = new Date(clock.wall()).toISOString().slice(0, 10)
      const body = allSessions(owner, deps, query.logs === 'true')
      return new Download({ name: fileCalled(`PKN ${day}`, 'json'), type: 'application/json', body })
    },

    importFile: async ({ body }, { owner }) => {
      const now = new Date(clock.wall()).toISOString()
      const found: Renewed[] = []
      const skipped: { what: string; why: string }[] = []
      for (const { session, skipped: told } of readImport(body.name, body.text, now)) {
        skipped.push(...told)
        if (session && found.length < MOST_SESSIONS) found.push(session)
        else if (session) skipped.push({ what: session.archive.session.title, why: 'the file holds too many' })
        // A file may hold thousands: others have their turn in between.
        await turn()
      }
      // The one used last comes last, as if they had been used here.
      found.sort((a, b) => Date.parse(a.archive.session.updated) - Date.parse(b.archive.session.updated))
      const sessions: Session[] = []
      let messages = 0
      const room = { files: MOST_FILES }
      for (let i = 0; i < found.length; i += AT_ONCE) {
        // Those that are asked for at once share a flush of the disk.
        const stored = await Promise.all(found.slice(i, i + AT_ONCE).map((one) => storeOne(one, owner, room, deps)))
        for (const one of stored) {
          skipped.push(...one.skipped)
          if (one.session === null) continue
          sessions.push(one.session)
          messages += one.messages
        }
      }
      say({ level: 'info', text: `Imported ${sessions.length} sessions with ${messages} messages` })
      const more = skipped.splice(MOST_TOLD).length
      if (more > 0) skipped.push({ what: body.name, why: `${more.toLocaleString('en-US')} more were left out` })
      return { sessions: sessions.toReversed(), messages, skipped }
    },

    attachmentsAdd: ({ body }, { owner }) => keep(owner, body.name, Buffer.from(body.data, 'base64'), deps),
    attachmentsRead: async ({ params }, { owner }) => {
      const { name, type, hash } = await store.attachment(owner, params.attachment)
      const body = await blobs.get(hash)
      if (body === null) throw new Fault('attachment.missing', { attachment: params.attachment })
      return new Download({
        name,
        type: type === 'text/plain' ? 'text/plain; charset=utf-8' : type,
        body,
        inline: true,
      })
    },
  }
}

async function keep(
  owner: OwnerId,
  name: string,
  bytes: Uint8Array,
  { store, blobs }: Pick<HttpDeps, 'store' | 'blobs'>,
): Promise<Attachment> {
  const called = fileName(name)
  if (bytes.length > MOST_BYTES) throw new Fault('attachment.large', { name: called, limit: '10 MB' })
  const type = kindOf(bytes)
  if (type === null) throw new Fault('attachment.kind', { name: called })
  const hash = await blobs.put(bytes)
  return store.addAttachment(owner, { name: called, type, bytes: bytes.length, hash })
}

const json = (name: string, value: object): Download =>
  new Download({ name: fileCalled(name, 'json'), type: 'application/json', body: JSON.stringify(value) })
const markdown = (name: string, body: string): Download =>
  new Download({ name: fileCalled(name, 'md'), type: MARKDOWN, body })

/** What is left of what an import may bring. */
type Room = { files: number }
type StoredOne = { session: Session | null; messages: number; skipped: readonly { what: string; why: string }[] }

/** A session is there as a whole or not at all; the others are no worse for it. */
async function storeOne({ id, archive }: Renewed, owner: OwnerId, room: Room, deps: HttpDeps): Promise<StoredOne> {
  try {
    const { attached, refused } = await attach(archive, owner, room, deps)
    const session = await deps.store.importSession(owner, id, archive, attached)
    const messages = archive.turns.reduce((sum, { answers }) => sum + 1 + answers.length, 0)
    return { session, messages, skipped: refused }
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause
    return { session: null, messages: 0, skipped: [{ what: archive.session.title, why: cause.message }] }
  }
}

async function attach(archive: SessionArchive, owner: OwnerId, room: Room, deps: Pick<HttpDeps, 'store' | 'blobs'>) {
  const attached = new Map<MessageId, AttachmentId[]>()
  const refused: { what: string; why: string }[] = []
  for (const { id, files = [] } of archive.turns) {
    const ids: AttachmentId[] = []
    for (const { name, data } of files) {
      if (ids.length >= MOST_ATTACHMENTS || room.files <= 0) {
        refused.push({ what: fileName(name), why: 'there are too many files' })
        continue
      }
      room.files -= 1
      try {
        ids.push((await keep(owner, name, Buffer.from(data, 'base64'), deps)).id)
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.code === 'disk.full') throw cause
        refused.push({ what: fileName(name), why: cause.message })
      }
    }
    attached.set(id, ids)
  }
  return { attached, refused }
}
