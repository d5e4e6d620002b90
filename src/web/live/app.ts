import { createContext, useContext } from 'react'
import { connectTo, type Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { RouteName } from '../../wire/api.ts'
import type { RunId, SessionId } from '../../wire/id.ts'
import type { Keeper } from '../compose/keeper.ts'
import { beginView, type RunView } from '../state/run-view.ts'
import type { Wish } from '../state/talk.ts'
import { addressNow, foundSpot, goTo, type Address } from './address.ts'
import { ANSWERS, ASK_DRAFTS, asksOf, type Asks } from './asks.ts'
import { cell, type Cell } from './cell.ts'
import { conversation, type Conversation } from './conversation.ts'
import type { FindAsk, Jump } from './find.ts'
import type { Desk } from './desk.ts'
import { holdOf, type Hold } from './hold.ts'
import { watchMachine, type Machine } from './machine.ts'
import { listen } from './newsroom.ts'
import { own } from './own.ts'
import { patient } from './patient.ts'
import { projectsOf, type Projects } from './projects.ts'
import type { Removals, Removal } from './removal.ts'
import { followRun } from './run-follower.ts'
import { reachOf, type Reach } from './reach.ts'
import { backToReading, takeUp } from './reading-place.ts'
import { sessionList, type SessionList } from './session-list.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { traysOf, type Tray } from './tray.ts'
import { openSettings, type Settings } from './settings.ts'

/** `traced` is the run that the trace shows, null the newest; `look` is how it shows it. */
export type Panels = {
  chats: boolean
  trace: boolean
  traced: RunId | null
  look: 'waterfall' | 'story'
  keys: boolean
}
export type Moment = { run: RunId; at: number }
export type App = {
  client: Client
  /** What lies over the page. */
  desk: Cell<Desk | null>
  /** Who else is to answer the message that is sent next. */
  rivals: Cell<readonly Wish[]>
  reach: Reach
  /** What the page waits for longer than a moment. */
  waiting: Cell<RouteName | null>
  /** The palette, if it is asked for. */
  find: Cell<FindAsk | null>
  /** The way to a message that is gone just now, or what is to be said of it. */
  jump: Cell<Jump | null>
  /** The view that the address names. */
  view: Cell<Address['view']>
  /** Back to the chat that is, or was, on the screen. */
  toChat: () => void
  machine: Cell<Machine>
  /** Looks at the models and the agents now. */
  look: () => void
  shelf: Shelf
  sessions: SessionList
  projects: Projects
  /** What was removed last beside chats, while that is offered to be taken back. */
  removal: Removals
  /** What agents ask a person. */
  asks: Asks
  talk: Conversation
  /** Messages that wait for a model. */
  hold: Hold
  /** What is attached to the message that is being written in a chat. */
  tray: (session: SessionId | null) => Tray
  /** Who brings files to the server. Rejects if that part of the page can't be had. */
  keeper: () => Promise<Keeper>
  settings: Settings
  panels: Cell<Panels>
  /** The moment of a run that is looked at, in milliseconds; null is its end, or now. */
  moment: Cell<Moment | null>
  /** Reads the log of any run until its end or `signal`. */
  readLog: (run: RunId, signal: AbortSignal) => Cell<RunView>
  /** Said once to a screen reader. */
  aloud: Cell<string>
}

const phone = matchMedia('(width < 760px), (height < 480px)')
/** Upright, or on its side. */
export const isPhone = (): boolean => phone.matches

/** `drawable` has what draws answers fetched, and resolves when they can be drawn as they should be. */
export function openApp(drawable: () => Promise<void>): App {
  const plain = connectTo('')
  const reach = reachOf(plain)
  const { client, waiting } = patient(plain, reach)
  const sessions = sessionList(client, reach, own)
  const asks = asksOf({ client, reach, own })
  const projects = projectsOf(client, reach, own)
  const aloud = cell('')
  let kept: Keeper | null = null
  const keeper = async () => {
    const { openKeeper } = await import('../compose/keeper.ts')
    return (kept ??= openKeeper({ reach, own, aloud: aloud.set }))
  }
  const { machine, look } = watchMachine(client, reach, localStorage)
  const shelf = openShelf({ client, reach, own, aloud, changed: look })
  const hold = holdOf({ client, reach, machine, shelf })
  const talk = conversation({ client, reach, storage: localStorage, own, sessions, drawable, keeper, hold })
  const view = cell<Address['view']>(addressNow().view)
  const panels = cell<Panels>({ chats: !isPhone(), trace: false, traced: null, look: 'waterfall', keys: false })
  // A window that becomes narrow, or is zoomed, would have the list lie over what is read.
  let listed = !phone.matches
  phone.addEventListener('change', () => {
    if (phone.matches) listed = panels.get().chats
    panels.set({ ...panels.get(), chats: !phone.matches && listed })
  })
  const moment = cell<Moment | null>(null)
  const jump = cell<Jump | null>(null)
  const readLog = (run: RunId, signal: AbortSignal) => {
    const log = cell(beginView(run, Date.now()))
    own(followRun(log, { client, reach }, signal))
    return log
  }
  /** A link to a run opens the chat that it belongs to as well; a run that is not there is said to be missing where it would be shown. */
  const openRun = async (run: RunId, at: number | null): Promise<void> => {
    panels.set({ ...panels.get(), trace: true, traced: run })
    moment.set(at === null ? null : { run, at })
    try {
      const { session } = await reach.surely(() => client.call('runsRead', { params: { run } }))
      const now = addressNow()
      if (now.view === 'chat' && now.run === run) talk.open(session)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    }
  }
  const follow = () => {
    const address = addressNow()
    const was = view.get()
    view.set(address.view)
    talk.hold(address.view === 'compare')
    if (address.view === 'compare') return talk.open(address.session)
    if (address.view === 'chat' && address.run !== null) return own(openRun(address.run, address.at))
    const spot = foundSpot(address)
    if (spot !== null) {
      talk.open(spot.session)
      return own(import('../find/jump.ts').then(({ jumpTo }) => jumpTo(app, spot)))
    }
    jump.set(null)
    if (address.view !== 'chat') return
    const { session: here, talk: said, visit } = talk.place.get()
    const reading = address.session === null ? null : takeUp(address.session)
    if (was !== 'chat' && address.session === here && (here !== null || said.turns.length > 0)) return
    // The trace stays open, and shows what is said there.
    if (address.session !== talk.place.get().session) panels.set({ ...panels.get(), traced: null })
    talk.open(address.session, address.project)
    if (reading !== null && talk.place.get().visit === visit) own(backToReading(talk, reading))
  }
  addEventListener('hashchange', follow)
  addEventListener('popstate', follow)
  const refresh = () => {
    sessions.refresh()
    projects.look()
    asks.look()
    talk.refresh()
  }
  follow()
  talk.resume()
  const some = (changed: readonly SessionId[], removed: readonly SessionId[]) => {
    for (const session of changed) sessions.look(session)
    for (const session of removed) sessions.forget(session)
    asks.look()
    const { session } = talk.place.get()
    if (session !== null && [...changed, ...removed].includes(session)) talk.refresh()
  }
  sessions.refresh()
  projects.look()
  asks.look()
  own(listen(client, reach, { all: refresh, some }))
  const toChat = () => goTo(talk.place.get().session, talk.place.get().project)
  const app: App = {
    client,
    reach,
    waiting,
    find: cell<FindAsk | null>(null),
    jump,
    view,
    toChat,
    machine,
    look,
    shelf,
    sessions,
    projects,
    removal: cell<Removal | null>(null),
    asks,
    talk,
    hold,
    tray: traysOf(localStorage),
    keeper,
    settings: openSettings(),
    panels,
    moment,
    readLog,
    aloud,
    desk: cell<Desk | null>(null),
    rivals: cell<readonly Wish[]>([]),
  }
  if (localStorage.getItem(ANSWERS) !== null)
    own(import('../acts/answers.ts').then(({ resumeAnswers }) => resumeAnswers(app)))
  if (localStorage.getItem(ASK_DRAFTS) !== null)
    own(import('../acts/ask-drafts.ts').then(({ openAskDrafts }) => void openAskDrafts(app)))
  const compare = async () => (await import('../compare/ask.ts')).watchRivals(app)
  if (localStorage.getItem('pkn.rivals') !== null) own(compare())
  else {
    const off = app.rivals.on(() => {
      off()
      own(compare())
    })
  }
  return app
}

export const AppContext = createContext<App | null>(null)
export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('there is no AppContext above this component')
  return app
}
