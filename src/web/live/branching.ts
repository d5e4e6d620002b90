import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import { newMessageId, type MessageId, type RunId, type SessionId } from '../../wire/id.ts'
import { isLive } from '../state/run-view.ts'
import { runOf, type TalkEvent, type Turn, type Wish } from '../state/talk.ts'
import type { Cell } from './cell.ts'
import type { Place } from './conversation.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

/** Whom to ask; what is left out is as before. */
export type Another = Partial<Wish> & {
  continue?: boolean
  temperature?: number | null
  /** That agent should have been chosen. */
  instead?: boolean
}

/** Versions of an answer, and messages in the place of others. */
export function branching(deps: {
  client: Client
  reach: Reach
  own: Own
  place: Cell<Place>
  tell: (event: TalkEvent) => void
  stop: (run: RunId) => void
  /** Says it as a sibling of what follows the same answer. */
  instead: (text: string, wish: Wish, after: RunId | null, files: Turn['files'], answer: boolean) => void
  /** Another path is shown from now on. */
  otherPath: () => void
  /** Aborts when the chat on the screen is left. */
  leaving: () => AbortSignal
  read: (session: SessionId, before: null) => Promise<void>
}) {
  const { client, reach, own, place, tell, stop } = deps
  /** Stops what is under way from this turn on: a run would wait for older ones of its session. */
  const stopFrom = ({ id }: Turn): void => {
    const { talk, views } = place.get()
    for (const turn of talk.turns.slice(talk.turns.findIndex((each) => each.id === id))) {
      const run = runOf(turn)
      const view = run === null ? undefined : views.get(run)
      if (run !== null && view !== undefined && isLive(view.get())) stop(run)
    }
  }
  const another = async ({ id }: Turn, run: RunId, ask: Another): Promise<void> => {
    const left = deps.leaving()
    const body = { ...ask, key: newMessageId() }
    tell({ type: 'not again', id, fault: undefined })
    try {
      const made = await reach.surely(() => client.call('runsAgain', { params: { run }, body }))
      if (left.aborted) return
      tell({ type: 'again', id, run: made.id })
      deps.otherPath()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!left.aborted) tell({ type: 'not again', id, fault: error.fault })
    }
  }
  const turnTo = async (session: SessionId, tip: RunId | MessageId): Promise<void> => {
    const left = deps.leaving()
    try {
      await reach.surely(() => client.call('sessionsChange', { params: { session }, body: { tip } }))
      if (!left.aborted) await deps.read(session, null)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!left.aborted) place.set({ ...place.get(), fault: error.fault })
    }
  }
  return {
    another: (turn: Turn, ask: Another): void => {
      const run = runOf(turn)
      if (run === null) return
      stopFrom(turn)
      own(another(turn, run, ask))
    },
    edit: (turn: Turn, text: string, files: Turn['files'] = turn.files, answer = true): void => {
      if (turn.after === undefined) return
      // What is only kept takes nobody's turn.
      if (answer) stopFrom(turn)
      deps.instead(text, { agent: turn.agent, model: turn.model, plan: turn.plan }, turn.after, files, answer)
    },
    turnTo: (to: RunId | MessageId): void => {
      const { session } = place.get()
      if (session !== null) own(turnTo(session, to))
    },
  }
}
