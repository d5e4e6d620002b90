import type { MessageId, RunId, SessionId } from '../../wire/id.ts'

/** What is asked of the palette when it opens: everything, or the chats only; and what was typed until it was there. */
export type FindAsk = { only: 'all' | 'chats'; text: string }
export const ASK_ALL: FindAsk = { only: 'all', text: '' }
export const ASK_CHATS: FindAsk = { only: 'chats', text: '' }

/** A message by its id, or the answer of a run; and the question that it was found with. */
export type Spot = { session: SessionId; message: MessageId | RunId; question: string }

/** How far the way to a message is: `read` counts messages; `turned` if it is on another branch than `back`, which was shown before. */
export type Jump =
  { state: 'looking'; read: number } | { state: 'missing' } | { state: 'far' } | { state: 'turned'; back: RunId | null }
