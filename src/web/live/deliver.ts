import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { MessageId, SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import type { Delivery } from '../state/talk.ts'
import { dropLetter, keepLetter, type Letter } from './letters.ts'
import type { Reach } from './reach.ts'

export type Postman = { client: Client; reach: Reach; storage: Storage }
export type News = {
  delivery: (id: MessageId, delivery: Delivery) => void
  /** The letter began a new session. */
  session: (id: MessageId, session: Session) => void
}

/**
 * Brings a message to the server, however long that takes. The same letter may be delivered again and again: its id is the idempotency
 * key, so a reply that got lost starts nothing twice. It stays in the browser's keeping until the server has it or refused it for good.
 */
export async function deliver(letter: Letter, { client, reach, storage }: Postman, news: News): Promise<void> {
  keepLetter(storage, letter)
  const waits = () => news.delivery(letter.id, { state: 'waiting' })
  news.delivery(letter.id, { state: 'sending' })
  try {
    let session: SessionId | null = letter.session
    if (session === null) {
      const begun = await reach.surely(() => client.call('sessionsCreate', { body: {} }), waits)
      session = begun.id
      keepLetter(storage, { ...letter, session })
      news.session(letter.id, begun)
    }
    const params = { session }
    const body = { id: letter.id, text: letter.text, ...(letter.agent === null ? {} : { agent: letter.agent }) }
    const { run } = await reach.surely(() => client.call('messagesSubmit', { params, body }), waits)
    dropLetter(storage, letter.id)
    news.delivery(letter.id, { state: 'kept', run: run.id })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!error.fault.retry) dropLetter(storage, letter.id)
    news.delivery(letter.id, { state: 'refused', fault: error.fault })
  }
}
