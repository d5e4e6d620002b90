import type { Brought } from '../state/brought.ts'
import type { AgentName, MessageId, ProjectId, RunId, SessionId } from '../../wire/id.ts'
import type { Planning } from '../../wire/message.ts'

/** A message on its way. Kept in the browser until the server has it, so that neither a reload nor a dead server loses it. */
export type Letter = {
  id: MessageId
  session: SessionId | null
  /** That its session is to begin in. */
  project?: ProjectId
  /** The visit to a chat in which it was written: tells which letters belong together that have no session yet. */
  chat: string
  text: string
  agent: AgentName | null
  /** Missing in letters of before models could be chosen. */
  model?: string | null
  plan?: Planning | undefined
  created: string
  /** What it brings; those without an id are put to the server first. */
  files?: readonly Brought[]
  /** It waits for a model that is on its way. */
  held?: boolean
  /** The run whose answer it follows; left out, the newest of the path that is shown. */
  after?: RunId | null
  /** False: it is only kept. */
  answer?: boolean
}

const KEY = 'pkn.letters'

export function keptLetters(storage: Storage): Letter[] {
  try {
    const read: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(read) ? (read as Letter[]) : []
  } catch {
    return []
  }
}
export function keepLetter(storage: Storage, letter: Letter): void {
  const kept = keptLetters(storage)
  const there = kept.some(({ id }) => id === letter.id)
  write(storage, there ? kept.map((old) => (old.id === letter.id ? letter : old)) : [...kept, letter])
}
export function dropLetter(storage: Storage, id: MessageId): void {
  write(
    storage,
    keptLetters(storage).filter((kept) => kept.id !== id),
  )
}

function write(storage: Storage, letters: readonly Letter[]): void {
  try {
    storage.setItem(KEY, JSON.stringify(letters))
  } catch {
    // Full or forbidden: the message is still in the page's memory.
  }
}
