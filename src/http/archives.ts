import type { Blobs, RunLog } from '../core/ports.ts'
import type { SessionArchive } from '../wire/archive.ts'
import type { Attachment } from '../wire/attachment.ts'
import type { Entry } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import { offset, type MessageId, type OwnerId, type RunId, type SessionId } from '../wire/id.ts'
import type { HttpDeps } from './caller.ts'

/** How much of a log is read at once. */
const PAGE = 5000

export async function wholeLog({ store }: { store: Pick<RunLog, 'page'> }, run: RunId): Promise<Entry[]> {
  const entries: Entry[] = []
  for (;;) {
    const page = await store.page(run, offset(entries.length), PAGE)
    entries.push(...page)
    if (page.length < PAGE) return entries
  }
}

export type Attached = ReadonlyMap<MessageId, readonly (Attachment & { hash: string })[]>

export async function withLogs(archive: SessionArchive, deps: Pick<HttpDeps, 'store'>): Promise<SessionArchive> {
  const turns = []
  for (const one of archive.turns) {
    const answers = []
    for (const answer of one.answers) answers.push({ ...answer, entries: await wholeLog(deps, answer.id) })
    turns.push({ ...one, answers })
  }
  return { ...archive, turns }
}

export async function withBytes(archive: SessionArchive, attached: Attached, blobs: Blobs): Promise<SessionArchive> {
  const turns = []
  for (const one of archive.turns) {
    const files = []
    for (const { name, type, hash } of attached.get(one.id) ?? []) {
      const bytes = await blobs.get(hash)
      if (bytes !== null) files.push({ name, type, data: Buffer.from(bytes).toString('base64') })
    }
    turns.push(files.length > 0 ? { ...one, files } : one)
  }
  return { ...archive, turns }
}

/** As `withBytes`, for those who only read the names. */
export const named = (archive: SessionArchive, attached: Attached): SessionArchive => ({
  ...archive,
  turns: archive.turns.map((one) => ({
    ...one,
    files: (attached.get(one.id) ?? []).map(({ name, type }) => ({ name, type, data: '' })),
  })),
})

/**
 * Every session that is not removed, as one JSON array that can be imported again: those that there were when it began, one after the other, so
 * that no more than one is held at a time.
 */
export async function* allSessions(
  owner: OwnerId,
  deps: Pick<HttpDeps, 'store' | 'blobs'>,
  logs: boolean,
): AsyncGenerator<string> {
  const { store, blobs } = deps
  const ids: SessionId[] = []
  let before: string | undefined
  do {
    const { rows, next } = await store.sessions(owner, { limit: 200, before, show: 'all' })
    ids.push(...rows.map(({ id }) => id))
    before = next ?? undefined
  } while (before !== undefined)
  let between = '['
  for (const id of ids) {
    const found = await archived(owner, id, store)
    if (found === null) continue
    const files = await withBytes(found.archive, found.attached, blobs)
    yield `${between}${JSON.stringify(logs ? await withLogs(files, deps) : files)}`
    between = ',\n'
  }
  yield between === '[' ? '[]\n' : ']\n'
}

async function archived(owner: OwnerId, id: SessionId, store: HttpDeps['store']) {
  try {
    return await store.archive(owner, id)
  } catch (cause) {
    // Removed since.
    if (cause instanceof Fault && cause.code === 'session.missing') return null
    throw cause
  }
}
