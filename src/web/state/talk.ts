import type { FaultData } from '../../wire/fault.ts'
import type { AgentName, MessageId, RunId } from '../../wire/id.ts'
import type { Message, Planning } from '../../wire/message.ts'
import { fromAttachment, type Brought } from './brought.ts'

/**
 * `sending` until the server has it; `waiting` for the server to be back; after `kept` the run's log tells the rest. `at` is when it was
 * sent, by this browser's clock: long after it was said, if the server was away.
 */
export type Delivery =
  | { state: 'sending' }
  | { state: 'waiting' }
  /** For a model that is on its way. */
  | { state: 'held' }
  | { state: 'refused'; fault: FaultData }
  | { state: 'kept'; run: RunId; at?: number; after?: RunId | null; files?: readonly Brought[] }

/** Who and what is to answer; null leaves it to PKN. A model is named as endpoint/name. */
export type Wish = { agent: AgentName | null; model: string | null; plan?: Planning | undefined }
export const NO_WISH: Wish = { agent: null, model: null }

/** What was said, and what came of it. */
export type Turn = {
  id: MessageId
  /** Null when only the answer is on the pages that were read so far. */
  text: string | null
  agent: AgentName | null
  model: string | null
  /** Whether it is to begin with a plan, where this page asked for it. */
  plan?: Planning | undefined
  created: string
  /** What it brings. */
  files: readonly Brought[]
  delivery: Delivery
  answer: Message | null
  /** The run whose answer it follows; undefined while that is not known. */
  after?: RunId | null | undefined
  /** The versions of its answer, oldest first. */
  runs: readonly RunId[]
  /** The messages with the same `after`, itself among them, oldest first. */
  siblings: readonly MessageId[]
  /** What was asked for of this turn, and refused. */
  refused?: FaultData | undefined
}
/** `earlier` is the cursor of the page before; null when there is none, or when nothing was read yet. */
export type Talk = { turns: readonly Turn[]; earlier: string | null; read: boolean }

export type TalkEvent =
  | { type: 'read'; messages: readonly Message[]; next: string | null; older: boolean }
  | {
      type: 'said'
      id: MessageId
      text: string
      agent: AgentName | null
      model?: string | null
      plan?: Planning | undefined
      created: string
      after?: RunId | null
      files?: readonly Brought[]
    }
  | { type: 'delivery'; id: MessageId; delivery: Delivery }
  /** Another version of the answer is under way. */
  | { type: 'again'; id: MessageId; run: RunId }
  | { type: 'not again'; id: MessageId; fault: FaultData | undefined }
  | { type: 'dropped'; id: MessageId }

export const SILENCE: Talk = { turns: [], earlier: null, read: false }

/** Pure. The same event again changes nothing, so that pages may overlap and acknowledgements may come twice. */
export function talked(talk: Talk, event: TalkEvent): Talk {
  switch (event.type) {
    case 'read': {
      const { turns, same } = event.older ? { turns: talk.turns, same: true } : onPath(talk.turns, event.messages)
      const furthest = event.older || !talk.read || !same
      const read = event.messages.reduce<readonly Turn[]>(withMessage, turns)
      return { turns: inOrder(read), earlier: furthest ? event.next : talk.earlier, read: true }
    }
    case 'said': {
      if (talk.turns.some((turn) => turn.id === event.id)) return talk
      const { id, text, agent, model = null, plan, created, after, files = [] } = event
      const at = after === undefined ? -1 : talk.turns.findIndex((turn) => turn.after === after)
      const siblings = talk.turns[at]?.siblings ?? []
      const answer = { delivery: { state: 'sending' }, answer: null, runs: [] } as const
      const turn: Turn = { id, text, agent, model, plan, created, files, ...answer, after, siblings: [...siblings, id] }
      return { ...talk, turns: [...(at < 0 ? talk.turns : talk.turns.slice(0, at)), turn] }
    }
    case 'again': {
      const at = talk.turns.findIndex((turn) => turn.id === event.id)
      const turn = talk.turns[at]
      if (turn === undefined || runOf(turn) === event.run) return talk
      const runs = turn.runs.includes(event.run) ? turn.runs : [...turn.runs, event.run]
      const next: Turn = {
        ...turn,
        runs,
        answer: null,
        refused: undefined,
        delivery: { state: 'kept', run: event.run },
      }
      return { ...talk, turns: [...talk.turns.slice(0, at), next] }
    }
    case 'not again':
      return {
        ...talk,
        turns: talk.turns.map((turn) => (turn.id === event.id ? { ...turn, refused: event.fault } : turn)),
      }
    case 'delivery':
      return {
        ...talk,
        turns: talk.turns.map((turn) =>
          turn.id === event.id && turn.delivery.state !== 'kept' ? delivered(turn, event.delivery) : turn,
        ),
      }
    case 'dropped':
      return { ...talk, turns: talk.turns.filter((turn) => turn.id !== event.id) }
  }
}

/** What waits for the answers above it, in its order. A run is followed when it is its turn. */
export const queuedOf = (talk: Talk, followed: ReadonlyMap<RunId, unknown>): Turn[] => {
  const first = talk.turns.findIndex((turn) => turn.answer === null && followed.has(runOf(turn) ?? ('' as RunId)))
  return talk.turns.filter((turn, i) => {
    const run = runOf(turn)
    return i > first && first >= 0 && turn.answer === null && (run === null || !followed.has(run))
  })
}

export const runOf = (turn: Turn): RunId | null => (turn.delivery.state === 'kept' ? turn.delivery.run : null)

const delivered = (turn: Turn, delivery: Delivery): Turn =>
  delivery.state === 'kept'
    ? {
        ...turn,
        delivery,
        runs: [delivery.run],
        after: delivery.after === undefined ? turn.after : delivery.after,
        files: delivery.files ?? turn.files,
      }
    : { ...turn, delivery }

/** Of the turns that are shown, those that the newest page of the path agrees with: what stands above it, and what is still on its way. */
function onPath(turns: readonly Turn[], page: readonly Message[]): { turns: readonly Turn[]; same: boolean } {
  const onItsWay = turns.filter((turn) => turn.delivery.state !== 'kept')
  const first = page[0]
  if (first === undefined) return { turns: onItsWay, same: false }
  const at = turns.findIndex((turn) => turn.id === first.id || runOf(turn) === first.run)
  if (at < 0) return { turns: onItsWay, same: false }
  const there = turns.filter(
    (turn, i) => i < at || page.some((message) => message.id === turn.id || message.run === runOf(turn)),
  )
  return { turns: [...there.filter((turn) => turn.delivery.state === 'kept'), ...onItsWay], same: true }
}

function withMessage(turns: readonly Turn[], message: Message): readonly Turn[] {
  const delivery: Delivery = { state: 'kept', run: message.run }
  const there = turns.find((turn) => turn.id === message.id || runOf(turn) === message.run)
  const said =
    message.role === 'user'
      ? {
          id: message.id,
          text: message.text,
          created: message.created,
          agent: message.agent,
          after: message.after,
          runs: message.runs,
          siblings: message.siblings,
          files: message.attachments.map(fromAttachment),
        }
      : {}
  const heard = message.role === 'assistant' ? { answer: message } : {}
  // Another version of the answer is on the path now.
  const turned = there !== undefined && runOf(there) !== message.run ? { answer: null } : {}
  if (there !== undefined)
    return turns.map((turn) => (turn === there ? { ...turn, ...turned, ...said, ...heard, delivery } : turn))
  const { id, created } = message
  return [
    ...turns,
    {
      id,
      text: null,
      agent: null,
      model: null,
      created,
      files: [],
      answer: null,
      runs: [],
      siblings: [],
      ...said,
      ...heard,
      delivery,
    },
  ]
}

// What is still on its way stays last: its time is this browser's, which may differ from the server's.
function inOrder(turns: readonly Turn[]): Turn[] {
  const late = (turn: Turn) => (turn.delivery.state === 'kept' ? 0 : 1)
  return turns.toSorted((a, b) => late(a) - late(b) || a.created.localeCompare(b.created))
}
