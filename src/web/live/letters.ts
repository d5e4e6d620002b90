import type { AgentName, MessageId, SessionId } from '../../wire/id.ts'

/** A message on its way. Kept in the browser until the server has it, so that neither a reload nor a dead server loses it. */
export type Letter = {
  id: MessageId
  session: SessionId | null
  text: string
  agent: AgentName | null
  created: string
}

const KEY = 'pkn.letters'

export function keptLetters(storage: Storage): Letter[] {
  try {
    return JSON.parse(storage.getItem(KEY) ?? '[]') as Letter[]
  } catch {
    return []
  }
}
export function keepLetter(storage: Storage, letter: Letter): void {
  write(storage, [...keptLetters(storage).filter((kept) => kept.id !== letter.id), letter])
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
