import type { Message } from '../wire/message.ts'
import type { OwnerId, SessionId } from '../wire/id.ts'
import type { Store } from './ports.ts'

/** What is read at once: a page may hold long messages. */
const PAGE = 50

/** The newest messages of a session, `most` at most, in the order in which they were stored. */
export async function newestMessages(
  store: Store,
  owner: OwnerId,
  session: SessionId,
  most: number,
): Promise<Message[]> {
  const messages: Message[] = []
  let before: string | undefined
  do {
    const page = await store.messages(owner, session, { limit: Math.min(PAGE, most - messages.length), before })
    messages.unshift(...page.rows)
    before = page.next ?? undefined
  } while (before !== undefined && messages.length < most)
  return messages
}
