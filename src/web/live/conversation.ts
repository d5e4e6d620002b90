import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { Reply } from '../../wire/api.ts'
import type { FaultData } from '../../wire/fault.ts'
import { newMessageId, type MessageId, type ProjectId, type RunId, type SessionId } from '../../wire/id.ts'
import { beginView, isLive, type RunView } from '../state/run-view.ts'
import type { Brought } from '../state/brought.ts'
import { NO_WISH, runOf, SILENCE, talked, type Talk, type TalkEvent, type Turn, type Wish } from '../state/talk.ts'
import { cell, type Cell } from './cell.ts'
import { postOffice, type News } from './deliver.ts'
import { queueing, type Returned } from './queueing.ts'
import type { Keeper } from '../compose/keeper.ts'
import { dropLetter, keptLetters, type Letter } from './letters.ts'
import { branching, type Another } from './branching.ts'
import { nameChat } from './address.ts'
import type { Hold } from './hold.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'
import { followRun } from './run-follower.ts'
import type { SessionList } from './session-list.ts'

/** What is on the screen: one session, what was said in it, and the runs whose logs the page reads or has read. */
export type Place = {
  /** Grows with every change of place; a new session that gets its id stays the same visit. */
  visit: number
  session: SessionId | null
  /** That it begins in, if it has no session yet. */
  project: ProjectId | null
  /** The same for the whole visit, also before the session has begun. */
  chat: string
  talk: Talk
  views: ReadonlyMap<RunId, Cell<RunView>>
  reading: boolean
  fault: FaultData | null
}
export type Conversation = {
  place: Cell<Place>
  /** Goes to a session, or with null to a new one that begins with its first message, in that project. */
  open: (session: SessionId | null, project?: ProjectId | null) => void
  /** Reads the page before, or waits for it if it is being read; resolves when it is there. */
  earlier: () => Promise<void>
  /** Reads the newest messages again: another window may have said something here. */
  refresh: () => void
  say: (text: string, wish: Wish, files?: readonly Brought[]) => void
  /** The same, before all that is in line, and the answer that is being written stops there. */
  steer: (text: string, wish: Wish, files: readonly Brought[], live: RunId) => void
  /** Takes a message back that no model was asked yet. */
  withdraw: (turn: Turn) => void
  /** Who and what is to answer what is said next in this chat. */
  wish: Cell<Wish>
  /** Sends a message that was refused once more, under the same id. */
  again: (turn: Turn) => void
  /** Takes a message back that was refused; it goes into `returned`. */
  drop: (turn: Turn) => void
  /** What is to be put into the composer. */
  returned: Cell<Returned | null>
  stop: (run: RunId) => void
  /** Another version of the answer to this message; `continue` begins with what the present one says. */
  another: (turn: Turn, ask: Another) => void
  /** Says another message in the place of this one; what came of that one is kept beside it. Without `answer` it is only kept. */
  edit: (turn: Turn, text: string, files?: readonly Brought[], answer?: boolean) => void
  /** Shows another version of an answer, or another message in the place of one. */
  turnTo: (to: RunId | MessageId) => void
  /** Stops the message that is just being sent as soon as the server has it; false if there is none. */
  stopUnsent: () => boolean
  /** Takes in a page of messages that was read elsewhere: what stands above the others, or the newest of the path that is shown now. */
  put: (page: Reply<'messagesList'>, older: boolean) => void
  /** Reads the log of a run that has long ended. */
  reveal: (turn: Turn) => void
  /** Messages that an earlier visit could not deliver. */
  resume: () => void
  /** While the answers are followed elsewhere they are not followed here. */
  hold: (held: boolean) => void
}

const PAGE = 40
const EARLIER_PAGE = 200
/** `moves` grows when the path changes by what is done here; `walk` ends with the path that is followed. */
const arrival = () => ({
  leave: new AbortController(),
  walk: new AbortController(),
  following: false,
  moves: 0,
  earlier: null as Promise<void> | null,
})
const arrive = (session: SessionId | null, visit: number, project: ProjectId | null = null): Place => ({
  visit,
  session,
  project,
  chat: session ?? newMessageId(),
  talk: SILENCE,
  views: new Map(),
  reading: session !== null,
  fault: null,
})

export function conversation(deps: {
  client: Client
  reach: Reach
  storage: Storage
  own: Own
  sessions: SessionList
  /** Resolves when answers can be drawn as they should be. */
  drawable: () => Promise<void>
  keeper: () => Promise<Keeper>
  hold: Hold
}): Conversation {
  const { client, reach, own, sessions, storage } = deps
  const returned = cell<Returned | null>(null)
  const wish = cell<Wish>(NO_WISH)
  const place = cell<Place>(arrive(null, 0))
  const { deliver, recall } = postOffice(deps)
  const unwanted = new Set<MessageId>()
  let visit = arrival()
  const holding = { on: false }
  const tell = (event: TalkEvent) => place.set({ ...place.get(), talk: talked(place.get().talk, event) })

  const viewFor = (turn: Turn, run: RunId): Cell<RunView> => {
    const there = place.get().views.get(run)
    if (there !== undefined) return there
    const sent = turn.delivery.state === 'kept' ? turn.delivery.at : undefined
    const view = cell(beginView(run, Math.min(Date.now(), sent ?? Date.parse(turn.created))))
    place.set({ ...place.get(), views: new Map(place.get().views).set(run, view) })
    return view
  }
  const unanswered = (): { turn: Turn; run: RunId } | null => {
    for (const turn of place.get().talk.turns) {
      const run = runOf(turn)
      const view = run === null ? undefined : place.get().views.get(run)
      if (run !== null && (view === undefined ? turn.answer === null : isLive(view.get()))) return { turn, run }
    }
    return null
  }
  /** Follows what is not answered yet, in order, one at a time: runs of a path are made one after the other. */
  const followAll = async (): Promise<void> => {
    const here = visit
    if (here.following) return
    here.following = true
    for (let next = unanswered(); next !== null && !holding.on && !here.leave.signal.aborted; next = unanswered()) {
      const { signal } = here.walk
      await followRun(viewFor(next.turn, next.run), deps, AbortSignal.any([here.leave.signal, signal]))
      const { session } = place.get()
      if (!here.leave.signal.aborted && session !== null) sessions.look(session)
    }
    here.following = false
  }
  /** Another path is shown: what is not on it is not followed any more. */
  const otherPath = (): void => {
    visit.moves++
    visit.walk.abort()
    visit.walk = new AbortController()
    own(followAll())
  }
  const put = (page: Reply<'messagesList'>, older: boolean): void => {
    const on = place.get().talk.turns.map(runOf)
    tell({ type: 'read', ...page, older })
    const now = new Set(place.get().talk.turns.map(runOf))
    place.set({ ...place.get(), reading: false, fault: null })
    if (on.some((run) => run !== null && !now.has(run))) otherPath()
  }
  const read = async (session: SessionId, before: string | null): Promise<void> => {
    const here = visit
    const drawable = deps.drawable()
    try {
      const query = before === null ? { limit: PAGE } : { limit: EARLIER_PAGE, before }
      let moves: number
      let page: Reply<'messagesList'>
      do {
        moves = here.moves
        page = await reach.surely(() => client.call('messagesList', { params: { session }, query }))
        await drawable
        if (here.leave.signal.aborted) return
        // What was read before the path was left tells of a path that is not shown any more.
      } while (moves !== here.moves)
      put(page, before !== null)
      if (before === null) await followAll()
      else own(followAll())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (!here.leave.signal.aborted) place.set({ ...place.get(), reading: false, fault: error.fault })
    }
  }
  const post = (letter: Letter, andStop: RunId | null = null): void => {
    const here = visit
    own(deps.drawable())
    let { session: at } = letter
    // A chat may have been left and come back to meanwhile.
    const onScreen = () => !here.leave.signal.aborted || (at !== null && at === place.get().session)
    const news: News = {
      delivery: (id, delivery) => {
        if (onScreen()) tell({ type: 'delivery', id, delivery })
        if (delivery.state !== 'kept') return
        if (onScreen()) visit.moves++
        if (andStop !== null) stop(andStop)
        const turn = place.get().talk.turns.find((t) => t.id === id)
        if (unwanted.delete(id) && turn !== undefined) {
          viewFor(turn, delivery.run)
          stop(delivery.run)
        }
        if (onScreen()) own(followAll())
        const { session } = place.get()
        if (session !== null) sessions.look(session)
      },
      session: (_, session) => {
        sessions.put(session)
        at = session.id
        if (here.leave.signal.aborted || place.get().session !== null) return
        place.set({ ...place.get(), session: session.id })
        nameChat(session.id)
      },
    }
    own(deliver(letter, news))
  }
  const stop = (run: RunId): void => {
    const view = place.get().views.get(run)
    if (view === undefined || view.get().stopping || !isLive(view.get())) return
    view.set({ ...view.get(), stopping: true })
    own(reach.surely(() => client.call('runsCancel', { params: { run }, body: {} })))
  }
  const write = (said: Pick<Letter, 'text' | 'agent' | 'model' | 'plan' | 'files' | 'after' | 'answer'>): Letter => {
    const { session, chat, project } = place.get()
    const begins = session === null && project !== null ? { project } : {}
    const id = newMessageId()
    const letter: Letter = { ...said, ...begins, id, session, chat, created: new Date().toISOString() }
    tell({ type: 'said', ...letter })
    return letter
  }
  const instead = (text: string, wish: Wish, after: RunId | null, files: readonly Brought[], answer: boolean): void => {
    const letter = write({ text, ...wish, after, files, ...(answer ? {} : { answer }) })
    otherPath()
    post(letter)
  }
  const branch = branching({ ...deps, place, tell, stop, instead, otherPath, leaving: () => visit.leave.signal, read })
  const queue = queueing({ ...deps, place, tell, recall, write, post, returned, moved: () => visit.moves++ })
  return {
    ...branch,
    withdraw: queue.withdraw,
    steer: (text, wish, files, live) => queue.steer({ text, ...wish, files }, live),
    say: (text, wish, files = []) => post(write({ text, ...wish, files })),
    place,
    open: (session, project = null) => {
      const { session: there, talk } = place.get()
      if (session === there && session !== null) return
      // What is typed stays, in whichever project it is said.
      if (session === there && talk.turns.length === 0) return place.set({ ...place.get(), project })
      visit.leave.abort()
      visit = arrival()
      place.set(arrive(session, place.get().visit + 1, project))
      wish.set(NO_WISH)
      if (session === null) return
      for (const letter of keptLetters(storage)) {
        if (letter.session !== session || !deps.hold.holds(letter.id)) continue
        tell({ type: 'said', ...letter })
        tell({ type: 'delivery', id: letter.id, delivery: { state: 'held' } })
      }
      own(read(session, null))
    },
    earlier: async () => {
      const here = visit
      const { session, talk } = place.get()
      if (session !== null && talk.earlier !== null)
        here.earlier ??= read(session, talk.earlier).finally(() => (here.earlier = null))
      await here.earlier
    },
    refresh: () => {
      const { session, fault } = place.get()
      // One that was removed may be there again.
      if (session !== null && (fault === null || fault.code === 'session.missing')) own(read(session, null))
    },
    wish,
    again: ({ id, text, agent, model, plan, created, after, files }) => {
      const { session, chat, project } = place.get()
      if (text === null) return
      const begins = session === null && project !== null ? { project } : {}
      post({
        ...begins,
        id,
        session,
        chat,
        text,
        agent,
        model,
        plan,
        created,
        files,
        ...(after === undefined ? {} : { after }),
      })
    },
    returned,
    drop: ({ id, text, files }) => {
      dropLetter(storage, id)
      tell({ type: 'dropped', id })
      if (text !== null) returned.set({ text, files })
    },
    stop,
    stopUnsent: () => {
      const turn = place.get().talk.turns.findLast(({ delivery }) => delivery.state === 'sending')
      if (turn !== undefined) unwanted.add(turn.id)
      return turn !== undefined
    },
    put,
    reveal: (turn) => {
      const run = runOf(turn)
      if (run === null || place.get().views.has(run)) return
      own(followRun(viewFor(turn, run), deps, visit.leave.signal))
    },
    hold: (next) => {
      if (next === holding.on) return
      holding.on = next
      if (!next) return own(followAll())
      visit.walk.abort()
      visit.walk = new AbortController()
    },
    resume: () => {
      for (const letter of keptLetters(storage)) {
        // Letters that have no session yet are shown in the new chat, if they belong to the first of them.
        const { session, talk } = place.get()
        if (session === null && letter.session === null && talk.turns.length === 0)
          place.set({ ...place.get(), chat: letter.chat })
        const here = session === null ? letter.chat === place.get().chat : letter.session === session
        if (here) tell({ type: 'said', ...letter })
        post(letter)
      }
    },
  }
}
