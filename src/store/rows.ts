import { z } from 'zod'
import { Fault } from '../wire/fault.ts'
import type { Entry } from '../wire/event.ts'
import { Message, Run, Session } from '../wire/message.ts'
import type { ChunkRow, PathRow, RunRow, SessionRow } from './changes.ts'

// Rows come from a disk that others may have touched: they are parsed like any input.
const time = (ms: number) => new Date(ms).toISOString()
export const jsonOrNull = (value: object | null | undefined) => (value == null ? null : JSON.stringify(value))

export function toSession(row: SessionRow): Session {
  return parse(`session ${row.id}`, Session, () => ({
    id: row.id,
    title: row.title,
    named: row.named === 1,
    created: time(row.created),
    updated: time(row.updated),
    active: row.active,
    tip: row.tip,
    pinned: row.pinned === 1,
    folder: row.folder,
    archived: row.archived === 1,
    project: row.project,
  }))
}

export function toMessage(row: PathRow): Message {
  return parse(`message ${row.id}`, Message, () => ({
    ...row,
    created: time(row.created),
    fault: row.fault === null ? null : JSON.parse(row.fault),
    recalled: row.recalled === null ? null : JSON.parse(row.recalled),
    did: row.did === null ? null : JSON.parse(row.did),
  }))
}

export function toRun(row: RunRow): Run {
  return parse(`run ${row.id}`, Run, () => ({ ...row, created: time(row.created) }))
}

/** Checks only what would break a reader, since this is the path of every replay: an event's own shape was checked when it was made. */
export function toEntries(run: string, chunk: ChunkRow): Entry[] {
  let entries: unknown
  try {
    entries = JSON.parse(chunk.entries)
  } catch (cause) {
    throw damaged(`the log of ${run} at ${chunk.first}`, cause)
  }
  if (
    !Array.isArray(entries) ||
    entries.length !== chunk.last - chunk.first + 1 ||
    at(entries[0]) !== chunk.first ||
    at(entries.at(-1)) !== chunk.last
  )
    throw damaged(`the log of ${run} at ${chunk.first}`, undefined)
  return entries as Entry[] // checked above as far as it is worth it
}

const at = (entry: unknown) => (typeof entry === 'object' && entry !== null && 'at' in entry ? entry.at : null)

function parse<T extends z.ZodType>(what: string, schema: T, shape: () => unknown): z.output<T> {
  try {
    return schema.parse(shape())
  } catch (cause) {
    throw damaged(what, cause)
  }
}

const damaged = (what: string, cause: unknown) => new Fault('store.failed', { what: `${what} is damaged` }, { cause })
