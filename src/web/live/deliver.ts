import type { Client } from '../../client/client.ts'
import { Refusal, Unreachable } from '../../client/refusal.ts'
import type { MessageId, SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import type { Keeper } from '../compose/keeper.ts'
import { fromAttachment } from '../state/brought.ts'
import type { Delivery } from '../state/talk.ts'
import type { Hold } from './hold.ts'
import { dropLetter, keepLetter, type Letter } from './letters.ts'
import { takeBack } from './queueing.ts'
import type { Reach } from './reach.ts'

export type Postman = { client: Client; reach: Reach; storage: Storage; keeper: () => Promise<Keeper>; hold: Hold }
export type News = {
  delivery: (id: MessageId, delivery: Delivery) => void
  /** The letter began a new session. */
  session: (id: MessageId, session: Session) => void
}
/** The letters of one chat, one after the other: they arrive in the order in which they were said, and begin one session between them. */
type Line = { tail: Promise<void>; session: SessionId | null; waits: Set<() => void> }

export type PostOffice = {
  /**
   * Brings a message to the server, however long that takes. The same letter may be delivered again and again: its id is the idempotency
   * key, so a reply that got lost starts nothing twice. It stays in the browser's keeping until the server has it or refused it for good.
   */
  deliver: (letter: Letter, news: News) => Promise<void>
  /** Takes a letter back. If the server has got it meanwhile, it is asked to forget it. */
  recall: (id: MessageId) => void
}

export function postOffice(postman: Postman): PostOffice {
  const lines = new Map<string, Line>()
  const recalled = new Set<MessageId>()
  const lineOf = (chat: string): Line => {
    const line = lines.get(chat) ?? { tail: Promise.resolve(), session: null, waits: new Set() }
    lines.set(chat, line)
    return line
  }
  const deliver: PostOffice['deliver'] = async (letter, news) => {
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
      await carry(letter, line, postman, { news, isRecalled: () => recalled.has(letter.id) })
    } finally {
      line.waits.delete(waits)
      leave()
    }
  }
  return {
    deliver,
    recall: (id) => {
      recalled.add(id)
      postman.hold.letGo(id)
      dropLetter(postman.storage, id)
    },
  }
}

async function carry(
  letter: Letter,
  line: Line,
  { client, reach, storage, keeper, hold }: Postman,
  { news, isRecalled }: { news: News; isRecalled: () => boolean },
): Promise<void> {
  const waits = () => {
    for (const wait of line.waits) wait()
  }
  const keep = (now: Letter) => {
    if (!isRecalled()) keepLetter(storage, now)
  }
  try {
    if (isRecalled()) return
    let session = letter.session ?? line.session
    if (session === null) {
      const body = letter.project === undefined ? {} : { project: letter.project }
      const begun = await reach.surely(() => client.call('sessionsCreate', { body }), waits)
      session = begun.id
      line.session = session
      news.session(letter.id, begun)
    }
    let files = letter.files ?? []
    for (const file of files) {
      if (file.id !== null) continue
      const there = await (await reach.surely(() => fetched(keeper))).stored(file, waits)
      // One after the other into the browser's keeping: a reload goes on with those that are missing.
      files = files.map((each) => (each === file ? { ...file, ...there } : each))
      keep({ ...letter, session, files })
    }
    keep({ ...letter, session, files })
    const held = () => {
      keep({ ...letter, session, files, held: true })
      news.delivery(letter.id, { state: 'held' })
    }
    if (isRecalled() || (letter.answer !== false && !(await hold.until(letter, held)))) return
    const params = { session }
    const { id, text, agent, model, plan, after, answer } = letter
    const follows = after === undefined ? {} : { after }
    const brings = files.length === 0 ? {} : { attachments: files.flatMap(({ id: stored }) => stored ?? []) }
    const wish = {
      ...(agent === null ? {} : { agent }),
      ...(model == null ? {} : { model }),
      ...(plan === undefined ? {} : { plan }),
      ...(answer === undefined ? {} : { answer }),
    }
    const body = { id, text, ...follows, ...brings, ...wish }
    let at = 0
    const submit = () => {
      at = Date.now()
      return client.call('messagesSubmit', { params, body })
    }
    const { run, message } = await reach.surely(submit, waits)
    if (isRecalled()) {
      await takeBack(client, reach, message)
      return
    }
    dropLetter(storage, letter.id)
    const state = { state: 'kept', run: run.id, at, after: message.after } as const
    news.delivery(letter.id, { ...state, files: message.attachments.map(fromAttachment) })
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    if (isRecalled()) return
    if (!error.fault.retry) dropLetter(storage, letter.id)
    news.delivery(letter.id, { state: 'refused', fault: error.fault })
  }
}

/** A part of the page comes from the server too. */
async function fetched<T>(get: () => Promise<T>): Promise<T> {
  try {
    return await get()
  } catch (cause) {
    throw new Unreachable({ cause })
  }
}
