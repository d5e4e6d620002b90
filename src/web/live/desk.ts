import type { RunId, SessionId } from '../../wire/id.ts'
import type { Passage } from '../../wire/recall.ts'

/** What lies over the page, if anything does. */
export type Desk =
  /** Who is to answer side by side: a message that was answered, or with null the one that is sent next. */
  | { open: 'compare'; answered: { session: SessionId; run: RunId; versions: readonly RunId[] } | null }
  /** Chats from files. */
  | { open: 'bring'; files: readonly File[] }
  | { open: 'folder'; name: string }
  /** A passage, with the lines around it. */
  | { open: 'document'; passage: Passage }
  /** What waits for a person, in all chats. */
  | { open: 'asks' }
