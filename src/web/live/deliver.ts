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
/** The letters of one chat, one after the other: they arrive in the order in which they were said, and begin one session between them. */
type Line = { tail: Promise<void>; session: SessionId | null; waits: Set<() => void> }

/**
 * Brings messages to the server, however long that takes. The same letter may be delivered again and again: its id is the idempotency
 * key, so a reply that got lost starts nothing twice. It stays in the browser's keeping until the server has it or refused it for good.
 */
export function postOffice(postman: Postman): (letter: Letter, news: News) => Promise<void> {
  const lines = new Map<string, Line>()
  const lineOf = (chat: string): Line => {
    const line = lines.get(chat) ?? { tail: Promise.resolve(), session: null, waits: new Set() }
    lines.set(chat, line)
    return line
  }
  return async (letter, news) => {
    const line = lineOf(letter.chat)
    const waits = () => news.delivery(letter.id, { state: 'waiting' })
    keepLetter(postman.storage, letter)
    news.delivery(letter.id, { state: 'sending' })
    line.waits.add(waits)
    if (postman.reach.server.get().state === 'lost') waits()
    const before = line.tail
    const { promise, resolve: leave } = Promise.withResolvers<void>()
    line.tail = promise
    await before
    try {
      await deliver(letter, line, postman, news)
    } finally {
      line.waits.delete(waits)
      leave()
    }
  }
}

async function deliver(letter: Letter, line: Line, { client, reach, storage }: Postman, news: News): Promise<void> {
  const waits = () => {
    for (const wait of line.waits) wait()
  }
  try {
    let session = letter.session ?? line.session
    if (session === null) {
      const begun = await reach.surely(() => client.call('sessionsCreate', { body: {} }), waits)
      session = begun.id
      line.session = session
      news.session(letter.id, begun)
    }
    keepLetter(storage, { ...letter, session })
    const params = { session }
    const { id, text, agent, model, after } = letter
    const follows = after === undefined ? {} : { after }
    const body = { id, text, ...follows, ...(agent === null ? {} : { agent }), ...(model == null ? {} : { model }) }
    let at = 0
    const submit = () => {
      at = Date.now()
      return client.call('messagesSubmit', { params, body })
    }
    const { run, message } = await reach.surely(submit, waits)
    dropLetter(storage, letter.id)
    news.delivery(letter.id, { state: 'kept', run: run.id, at, after: message.after })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (!error.fault.retry) dropLetter(storage, letter.id)
    news.delivery(letter.id, { state: 'refused', fault: error.fault })
  }
}
