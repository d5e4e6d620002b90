import { type ArchivedAnswer, type ArchivedTurn, SessionArchive } from '../wire/archive.ts'
import type { StoredAttachment } from '../core/ports.ts'
import { Attachment, type AttachmentId } from '../wire/attachment.ts'
import type { Entry } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import type { MessageId, OwnerId, SessionId } from '../wire/id.ts'
import type {
  ArchiveReads,
  ImportedMessage,
  ImportedPart,
  ImportedRun,
  ImportedSession,
  WholeRows,
} from './archive-rows.ts'
import type { AttachmentRow } from './attachment-rows.ts'
import { UNANSWERED, type MessageRow, type RunRow } from './changes.ts'
import { titleOf } from './title.ts'

/** Store.archive. */
export function archiveOf(reads: ArchiveReads, owner: OwnerId, id: SessionId) {
  const rows = reads.whole(owner, id)
  if (rows === null) throw new Fault('session.missing', { session: id })
  const attached = new Map<MessageId, StoredAttachment[]>()
  for (const { message, ...row } of rows.attached) {
    const files = attached.get(message as MessageId) // a row's key, that of a message which was parsed
    if (files) files.push(toStored(row))
    else attached.set(message as MessageId, [toStored(row)])
  }
  return { archive: toArchive(rows), attached }
}

export const toStored = (row: AttachmentRow): StoredAttachment => ({ ...Attachment.parse(row), hash: row.hash })

const time = (ms: number) => new Date(ms).toISOString()

/** A session as it is exported, without logs and the bytes of attachments. */
export function toArchive({ session, messages, runs }: WholeRows): SessionArchive {
  const answers = new Map(messages.flatMap((m) => (m.role === 'assistant' ? [[m.run, m] as const] : [])))
  const versions = Map.groupBy(runs, (run) => run.message)
  const parsed = SessionArchive.safeParse({
    pkn: 'session',
    version: 1,
    session: {
      title: session.title,
      named: session.named === 1,
      created: time(session.created),
      updated: time(session.updated),
      tip: session.tip,
      pinned: session.pinned === 1,
      folder: session.folder,
      archived: session.archived === 1,
    },
    turns: messages
      .filter((m) => m.role === 'user')
      .map((m) => ({
        id: m.id,
        after: m.after,
        text: m.text,
        created: time(m.created),
        answers: (versions.get(m.id) ?? []).map((run) => toAnswer(run, answers.get(run.id))),
      })),
  })
  if (parsed.success) return parsed.data
  throw new Fault('store.failed', { what: `session ${session.id} is damaged` }, { cause: parsed.error })
}

const toAnswer = (run: RunRow, said: MessageRow | undefined) => ({
  id: run.id,
  created: time(run.created),
  answered: said === undefined ? null : time(said.created),
  wish: {
    agent: run.agent,
    backend: run.backend,
    model: run.model,
    priority: run.priority,
    temperature: run.temperature,
    plan: run.plan,
    format: run.format === null ? null : (JSON.parse(run.format) as unknown),
  },
  text: said?.text ?? '',
  agent: said?.agent ?? null,
  model: said?.model ?? null,
  reason: run.reason,
  fault: said?.fault ? (JSON.parse(said.fault) as unknown) : null,
  finish: said?.finish ?? null,
  remote: said?.remote ?? null,
  ...(said?.recalled ? { recalled: JSON.parse(said.recalled) as unknown } : {}),
  ...(said?.did ? { did: JSON.parse(said.did) as unknown } : {}),
})

/** How many messages, and how much, are written at once: others wait for no longer than that. */
const PART = 250
const PART_CHARS = 2_000_000
/** How much of a log is one row. */
const CHUNK = 200_000

/** A session, and by its messages the attachments that they bring. */
export type ImportedWhole = [archive: SessionArchive, attached: ReadonlyMap<MessageId, readonly AttachmentId[]>]

/** A session that is imported, and what was said in it in parts; every answer has its log. */
export function fromArchive(...[{ session, turns }, attached]: ImportedWhole): {
  session: Omit<ImportedSession, 'id'>
  parts: Iterable<ImportedPart>
} {
  const { title, named, created, updated, tip, pinned, folder, archived } = session
  return {
    session: {
      title: title || titleOf(turns[0]?.text ?? ''),
      tip,
      folder,
      named: named ? 1 : 0,
      pinned: pinned ? 1 : 0,
      archived: archived ? 1 : 0,
      created: Date.parse(created),
      updated: Date.parse(updated),
    },
    parts: partsOf(turns, attached),
  }
}

function* partsOf(turns: readonly ArchivedTurn[], attached: ImportedWhole[1]): Generator<ImportedPart> {
  let part: { runs: ImportedRun[]; messages: ImportedMessage[] } = { runs: [], messages: [] }
  let chars = 0
  for (const turn of turns) {
    part.messages.push(questionOf(turn, attached.get(turn.id) ?? []))
    for (const answer of turn.answers) {
      const run = runOf(turn, answer)
      part.runs.push(run)
      part.messages.push(answerOf(answer))
      chars += run.chunks.reduce((sum, { entries }) => sum + entries.length, answer.text.length)
      if (part.messages.length < PART && chars < PART_CHARS) continue
      yield part
      part = { runs: [], messages: [] }
      chars = 0
    }
  }
  if (part.messages.length > 0) yield part
}

function runOf(turn: ArchivedTurn, { id, wish, reason, created, entries }: ArchivedAnswer): ImportedRun {
  if (!entries?.length || reason === null) throw new RangeError(`${id}: imported without its log`)
  return {
    id,
    message: turn.id,
    ...wish,
    temperature: wish.temperature ?? null,
    plan: wish.plan ?? 'never',
    format: wish.format ? JSON.stringify(wish.format) : null,
    reason,
    head: entries.length,
    created: Date.parse(created),
    chunks: chunksOf(entries),
  }
}

function questionOf(
  { id, text, created, after, answers }: ArchivedTurn,
  attachments: readonly string[],
): ImportedMessage {
  const [first] = answers
  if (first === undefined) throw new RangeError(`${id}: imported without a run`)
  return { ...UNANSWERED, id, run: first.id, role: 'user', text, created: Date.parse(created), after, attachments }
}

function answerOf(answer: ArchivedAnswer): ImportedMessage {
  const {
    id,
    text,
    created,
    answered,
    agent,
    model,
    reason,
    fault,
    finish = null,
    remote = null,
    recalled,
    did,
  } = answer
  return {
    id: id.replace(/^run_/, 'msg_'),
    run: id,
    role: 'assistant',
    text,
    agent,
    model,
    reason,
    finish,
    remote,
    recalled: recalled ? JSON.stringify(recalled) : null,
    did: did ? JSON.stringify(did) : null,
    after: null,
    created: Date.parse(answered ?? created),
    fault: fault === null ? null : JSON.stringify(fault),
    attachments: [],
  }
}

function chunksOf(entries: readonly Entry[]): { first: number; last: number; entries: string }[] {
  const chunks: { first: number; last: number; entries: string }[] = []
  let texts: string[] = []
  let length = 0
  for (const [i, entry] of entries.entries()) {
    const text = JSON.stringify(entry)
    texts.push(text)
    length += text.length
    if (length < CHUNK && i < entries.length - 1) continue
    chunks.push({ first: i + 2 - texts.length, last: i + 1, entries: `[${texts.join(',')}]` })
    texts = []
    length = 0
  }
  return chunks
}
