import type { Message } from '../wire/message.ts'
import type { OwnerId, RunId, SessionId } from '../wire/id.ts'
import type { Store } from './ports.ts'

/** What is read at once: a page may hold long messages. */
const PAGE = 50

/** The newest messages on the path to `run`, or to the session's tip, `most` at most, oldest first. */
export async function newestMessages(
  store: Store,
  owner: OwnerId,
  session: SessionId,
  most: number,
  run?: RunId,
): Promise<Message[]> {
  const messages: Message[] = []
  let before: string | undefined
  do {
    const page = await store.messages(owner, session, { limit: Math.min(PAGE, most - messages.length), before, run })
    messages.unshift(...page.rows)
    before = page.next ?? undefined
  } while (before !== undefined && messages.length < most)
  return messages
}
