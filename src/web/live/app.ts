import { createContext, useContext } from 'react'
import { connectTo } from '../../client/client.ts'
import type { RunId, SessionId } from '../../wire/id.ts'
import { cell, type Cell } from './cell.ts'
import { conversation, type Conversation } from './conversation.ts'
import { watchMachine, type Machine } from './machine.ts'
import { own } from './own.ts'
import { reachOf, type Reach } from './reach.ts'
import { sessionList, type SessionList } from './session-list.ts'
import { themeChoice, type ThemeChoice } from './theme.ts'

/** `traced` is the run that the trace shows; null is the newest. */
export type Panels = { chats: boolean; trace: boolean; traced: RunId | null; keys: boolean }
export type App = {
  reach: Reach
  machine: Cell<Machine>
  sessions: SessionList
  talk: Conversation
  theme: ThemeChoice
  panels: Cell<Panels>
  /** Said once to a screen reader. */
  aloud: Cell<string>
}

export const isPhone = (): boolean => matchMedia('(width < 760px)').matches

const SESSION = /^#s=(ses_[0-9a-z]{20,40})$/
const sessionInUrl = (): SessionId | null => (SESSION.exec(location.hash)?.[1] as SessionId | undefined) ?? null

/** Goes to a session by way of the address, so that a reload, a bookmark and the back button lead there too. */
export function goTo(session: SessionId | null): void {
  if (session === sessionInUrl()) return
  history.pushState(null, '', session === null ? location.pathname : `#s=${session}`)
  dispatchEvent(new HashChangeEvent('hashchange'))
}

export function openApp(): App {
  const client = connectTo('')
  const reach = reachOf(client)
  const sessions = sessionList(client, reach, own)
  const windows = new BroadcastChannel('pkn.said')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel reaches this origin only
  const said = () => windows.postMessage(null)
  const talk = conversation({ client, reach, storage: localStorage, own, sessions, said })
  const { machine } = watchMachine(client, reach)
  const panels = cell<Panels>({ chats: !isPhone(), trace: false, traced: null, keys: false })
  addEventListener('hashchange', () => talk.open(sessionInUrl()))
  addEventListener('popstate', () => talk.open(sessionInUrl()))
  const refresh = () => {
    sessions.refresh()
    talk.refresh()
  }
  windows.addEventListener('message', refresh)
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') refresh()
  })
  talk.open(sessionInUrl())
  talk.resume()
  sessions.refresh()
  return { reach, machine, sessions, talk, theme: themeChoice(), panels, aloud: cell('') }
}

export const AppContext = createContext<App | null>(null)
export function useApp(): App {
  const app = useContext(AppContext)
  if (app === null) throw new Error('there is no AppContext above this component')
  return app
}
