import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { MessageId, RunId, SessionId } from '../../wire/id.ts'
import type { Message } from '../../wire/message.ts'
import { queuedOf, type TalkEvent, type Turn } from '../state/talk.ts'
import type { Cell } from './cell.ts'
import type { Place } from './conversation.ts'
import { keepLetter, type Letter } from './letters.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

/** Asks the server to forget a message. False if it was begun with by then, and stands. */
export async function takeBack(client: Client, reach: Reach, { session, id }: Pick<Message, 'session' | 'id'>) {
  try {
    await reach.surely(() => client.call('messagesWithdraw', { params: { session, message: id } }))
    return true
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    // Gone already is as good.
    return error.status === 404
  }
}

/** Messages that stand in line behind an answer: taken out again, or passed by one that can't wait. */
export function queueing(deps: {
  client: Client
  reach: Reach
  own: Own
  storage: Storage
  place: Cell<Place>
  tell: (event: TalkEvent) => void
  recall: (id: MessageId) => void
  /** Puts a message on the screen, and gives the letter that brings it. */
  write: (said: Pick<Letter, 'text' | 'agent' | 'model' | 'plan' | 'files'>) => Letter
  post: (letter: Letter, andStop?: RunId | null) => void
  /** What was read so far tells of a path that is not shown any more. */
  moved: () => void
  returned: Cell<Returned | null>
}) {
  const { client, reach, own, place, tell } = deps
  const forget = async ({ id }: Turn, session: SessionId): Promise<boolean> => {
    const gone = await takeBack(client, reach, { id, session })
    deps.moved()
    return gone
  }
  const giveBack = ({ text, files }: Turn) => deps.returned.set({ text: text ?? '', files })
  const withdraw = async (turn: Turn, session: SessionId): Promise<void> => {
    if (!(await forget(turn, session))) return
    tell({ type: 'dropped', id: turn.id })
    giveBack(turn)
  }
  const passing = async (passed: readonly [Turn, Letter][], first: Letter, live: RunId, session: SessionId) => {
    for (const [turn, letter] of passed)
      if (turn.delivery.state === 'kept' && !(await forget(turn, session))) deps.recall(letter.id)
    deps.post(first, live)
    for (const [, letter] of passed) deps.post(letter)
  }
  return {
    /** Takes a message back that was not begun with; what it says and brings goes into `returned`. */
    withdraw: (turn: Turn): void => {
      const { session } = place.get()
      if (turn.delivery.state === 'kept' && session !== null) return own(withdraw(turn, session))
      deps.recall(turn.id)
      tell({ type: 'dropped', id: turn.id })
      giveBack(turn)
    },
    /** Says something that goes before all that is in line. When the server has it, the answer that is being written is stopped, and keeps what it says. */
    steer: (said: Parameters<typeof deps.write>[0], live: RunId): void => {
      const { session, talk, views } = place.get()
      // What is on its way still is in line as well: it is called back, and forgotten if it arrives all the same.
      const queued =
        session === null ? [] : queuedOf(talk, views).filter(({ delivery }) => delivery.state !== 'refused')
      for (const { id, delivery } of queued) {
        tell({ type: 'dropped', id })
        if (delivery.state !== 'kept') deps.recall(id)
      }
      const first = deps.write(said)
      const passed = queued.map((turn): [Turn, Letter] => [
        turn,
        deps.write({ text: turn.text ?? '', agent: turn.agent, model: turn.model, plan: turn.plan, files: turn.files }),
      ])
      if (session === null || passed.length === 0) return deps.post(first, live)
      for (const letter of [first, ...passed.map(([, letter]) => letter)]) keepLetter(deps.storage, letter)
      own(passing(passed, first, live, session))
    },
  }
}

/** What goes back into the composer. */
export type Returned = { text: string; files?: Turn['files']; quote?: boolean }
