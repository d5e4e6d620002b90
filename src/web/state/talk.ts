import type { FaultData } from '../../wire/fault.ts'
import type { AgentName, MessageId, RunId } from '../../wire/id.ts'
import type { Message } from '../../wire/message.ts'

/**
 * `sending` until the server has it; `waiting` for the server to be back; after `kept` the run's log tells the rest. `at` is when it was
 * sent, by this browser's clock: long after it was said, if the server was away.
 */
export type Delivery =
  | { state: 'sending' }
  | { state: 'waiting' }
  | { state: 'refused'; fault: FaultData }
  | { state: 'kept'; run: RunId; at?: number }

/** Who and what is to answer; null leaves it to PKN. A model is named as endpoint/name. */
export type Wish = { agent: AgentName | null; model: string | null }
export const NO_WISH: Wish = { agent: null, model: null }

/** What was said, and what came of it. */
export type Turn = {
  id: MessageId
  /** Null when only the answer is on the pages that were read so far. */
  text: string | null
  agent: AgentName | null
  model: string | null
  created: string
  delivery: Delivery
  answer: Message | null
}
/** `earlier` is the cursor of the page before; null when there is none, or when nothing was read yet. */
export type Talk = { turns: readonly Turn[]; earlier: string | null; read: boolean }

export type TalkEvent =
  | { type: 'read'; messages: readonly Message[]; next: string | null; older: boolean }
  | { type: 'said'; id: MessageId; text: string; agent: AgentName | null; model?: string | null; created: string }
  | { type: 'delivery'; id: MessageId; delivery: Delivery }
  | { type: 'dropped'; id: MessageId }

export const SILENCE: Talk = { turns: [], earlier: null, read: false }

/** Pure. The same event again changes nothing, so that pages may overlap and acknowledgements may come twice. */
export function talked(talk: Talk, event: TalkEvent): Talk {
  switch (event.type) {
    case 'read': {
      const turns = event.messages.reduce<readonly Turn[]>(withMessage, talk.turns)
      const furthest = event.older || !talk.read
      return { turns: inOrder(turns), earlier: furthest ? event.next : talk.earlier, read: true }
    }
    case 'said': {
      if (talk.turns.some((turn) => turn.id === event.id)) return talk
      const { id, text, agent, model = null, created } = event
      return {
        ...talk,
        turns: [...talk.turns, { id, text, agent, model, created, delivery: { state: 'sending' }, answer: null }],
      }
    }
    case 'delivery':
      return {
        ...talk,
        turns: talk.turns.map((turn) =>
          turn.id === event.id && turn.delivery.state !== 'kept' ? { ...turn, delivery: event.delivery } : turn,
        ),
      }
    case 'dropped':
      return { ...talk, turns: talk.turns.filter((turn) => turn.id !== event.id) }
  }
}

export const runOf = (turn: Turn): RunId | null => (turn.delivery.state === 'kept' ? turn.delivery.run : null)

function withMessage(turns: readonly Turn[], message: Message): readonly Turn[] {
  const delivery: Delivery = { state: 'kept', run: message.run }
  const there = turns.find((turn) => turn.id === message.id || runOf(turn) === message.run)
  const said =
    message.role === 'user'
      ? { id: message.id, text: message.text, created: message.created, agent: message.agent }
      : {}
  const heard = message.role === 'assistant' ? { answer: message } : {}
  if (there !== undefined)
    return turns.map((turn) => (turn === there ? { ...turn, ...said, ...heard, delivery } : turn))
  const { id, created } = message
  return [...turns, { id, text: null, agent: null, model: null, created, answer: null, ...said, ...heard, delivery }]
}

// What is still on its way stays last: its time is this browser's, which may differ from the server's.
function inOrder(turns: readonly Turn[]): Turn[] {
  const late = (turn: Turn) => (turn.delivery.state === 'kept' ? 0 : 1)
  return turns.toSorted((a, b) => late(a) - late(b) || a.created.localeCompare(b.created))
}
