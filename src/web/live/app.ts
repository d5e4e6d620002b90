import { createContext, useContext } from 'react'
import { connectTo } from '../../client/client.ts'
import type { RunId } from '../../wire/id.ts'
import { addressNow, goTo, type Address } from './address.ts'
import { cell, type Cell } from './cell.ts'
import { conversation, type Conversation } from './conversation.ts'
import { watchMachine, type Machine } from './machine.ts'
import { own } from './own.ts'
import { reachOf, type Reach } from './reach.ts'
import { sessionList, type SessionList } from './session-list.ts'
import { sentToOf, type SentTo } from './sent-to.ts'
import { openShelf, type Shelf } from './shelf.ts'
import { themeChoice, type ThemeChoice } from './theme.ts'

/** `traced` is the run that the trace shows; null is the newest. */
export type Panels = { chats: boolean; trace: boolean; traced: RunId | null; keys: boolean }
export type App = {
  reach: Reach
  /** The view that the address names. */
  view: Cell<Address['view']>
  /** Back to the chat that is, or was, on the screen. */
  toChat: () => void
  machine: Cell<Machine>
  shelf: Shelf
  sessions: SessionList
  talk: Conversation
  sentTo: SentTo
  theme: ThemeChoice
  panels: Cell<Panels>
  /** Said once to a screen reader. */
  aloud: Cell<string>
}

export const isPhone = (): boolean => matchMedia('(width < 760px)').matches

export function openApp(): App {
  const client = connectTo('')
  const reach = reachOf(client)
  const sessions = sessionList(client, reach, own)
  const windows = new BroadcastChannel('pkn.said')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches this origin only
  const said = () => windows.postMessage(null)
  const talk = conversation({ client, reach, storage: localStorage, own, sessions, said })
  const aloud = cell('')
  const { machine, look } = watchMachine(client, reach)
  const shelf = openShelf({ client, reach, own, aloud, changed: look })
  const view = cell<Address['view']>(addressNow().view)
  const panels = cell<Panels>({ chats: !isPhone(), trace: false, traced: null, keys: false })
  const follow = () => {
    const address = addressNow()
    const was = view.get()
    view.set(address.view)
    if (address.view === 'models' || (was === 'models' && address.session === talk.place.get().session)) return
    talk.open(address.session)
  }
  addEventListener('hashchange', follow)
  addEventListener('popstate', follow)
  const refresh = () => {
    sessions.refresh()
    talk.refresh()
  }
  windows.addEventListener('message', refresh)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh()
  })
  follow()
  talk.resume()
  sessions.refresh()
  const toChat = () => goTo(talk.place.get().session)
  return {
    reach,
    view,
    toChat,
    machine,
    shelf,
    sessions,
    talk,
    sentTo: sentToOf({ client, reach, own }),
    theme: themeChoice(),
    panels,
    aloud,
  }
}

export const AppContext = createContext<App | null>(null)
export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('there is no AppContext above this component')
  return app
}
