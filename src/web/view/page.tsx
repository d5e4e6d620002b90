import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type ReactNode } from 'react'
import { useApp, type Panels } from '../live/app.ts'
import { useCell, type Cell } from '../live/cell.ts'
import { useLiveRun } from '../live/live-run.ts'
import { own } from '../live/own.ts'
import { useShortcuts } from '../live/shortcuts.ts'
import { askedOf } from '../state/asking.ts'
import type { RunView } from '../state/run-view.ts'
import { say } from '../words/say.ts'
import { Announcer } from './announcer.tsx'
import { ConversationView } from './conversation.tsx'
import { Header } from './header.tsx'
import {
  AgentsLater,
  ArchiveLater,
  CompareLater,
  DemoLater,
  DeskLater,
  FindLater,
  JumpLater,
  KeysLater,
  MemoryLater,
  ModelsLater,
  ProjectsLater,
  SettingsLater,
  TraceLater,
  RemovalLater,
  UndoLater,
} from './later.tsx'
import { ServerStrip } from './server-strip.tsx'
import { Sidebar } from './sidebar.tsx'
import { Waiting } from './waiting.tsx'

export function Page() {
  const app = useApp()
  const { panels } = app
  const shown = useCell(panels)
  const view = useCell(app.view)
  const covered = useCovered(shown)
  // Once asked for it stays, so that closing it gives the focus back to where it was.
  const asked = useOnce(shown.keys)
  const find = useCell(app.find) !== null
  const jump = useCell(app.jump) !== null
  useShortcuts(app)
  useTitle()
  return (
    <div className="flex h-dvh bg-page text-ink">
      {shown.chats && (
        <Side from="left" close={() => panels.set({ ...panels.get(), chats: false })}>
          <Sidebar />
        </Side>
      )}
      <div className="flex min-w-0 flex-1 flex-col" inert={covered}>
        <ServerStrip />
        <Header />
        {jump && <JumpLater />}
        {view === 'compare' ? (
          <CompareLater />
        ) : view === 'archive' ? (
          <ArchiveLater />
        ) : view === 'models' ? (
          <ModelsLater />
        ) : view === 'agents' ? (
          <AgentsLater />
        ) : view === 'memory' ? (
          <MemoryLater />
        ) : view === 'projects' ? (
          <ProjectsLater />
        ) : view === 'settings' ? (
          <SettingsLater />
        ) : view === 'demo' ? (
          <DemoLater />
        ) : (
          <ConversationView />
        )}
      </div>
      {shown.trace && (
        <Side from="right" close={() => panels.set({ ...panels.get(), trace: false })}>
          <TraceLater />
        </Side>
      )}
      {asked && <KeysLater />}
      {find && <FindLater />}
      <Waiting />
      <Desk />
      <Undo />
      <Announcer />
    </div>
  )
}

/** The removal that can be taken back, wherever one is. */
function Undo() {
  const { sessions, removal } = useApp()
  const { removed } = useCell(sessions.state)
  const other = useCell(removal)
  if (other !== null) return <RemovalLater key={other.said} removal={other} />
  return removed === null ? null : <UndoLater key={removed.id} session={removed} />
}

function Desk() {
  const { desk } = useApp()
  const open = useCell(desk)
  return open === null ? null : <DeskLater desk={open} close={() => desk.set(null)} />
}

function useOnce(now: boolean): boolean {
  const [ever, setEver] = useState(now)
  if (now && !ever) setEver(true)
  return ever || now
}

/** A column on a wide screen, a drawer over the page on a narrow one. */
function Side({ from, close, children }: { from: 'left' | 'right'; close: () => void; children: ReactNode }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const over = from === 'left' ? '(width < 760px)' : '(width < 1180px)'
    if (matchMedia(over).matches) box.current?.querySelector('button')?.focus()
  }, [from])
  const drawer = from === 'left' ? 'phone:fixed phone:left-0' : 'max-[1179px]:fixed max-[1179px]:right-0'
  const veil = from === 'left' ? 'hidden phone:block' : 'hidden max-[1179px]:block'
  return (
    <>
      <button
        type="button"
        tabIndex={-1}
        aria-hidden="true"
        onClick={close}
        className={`${veil} fixed inset-0 z-30 cursor-default bg-[rgb(0_0_0/35%)]`}
      />
      <div
        ref={box}
        className={`z-40 h-dvh flex-none phone:shadow-card ${drawer} phone:inset-y-0`}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !matchMedia('(width < 1180px)').matches) return
          event.preventDefault()
          close()
        }}
      >
        {children}
      </div>
    </>
  )
}

/** Whether a drawer lies over the conversation, which can't be used until it is closed. */
function useCovered({ chats, trace }: Panels): boolean {
  const width = useSyncExternalStore(watchWidth, () => innerWidth)
  return (chats && width < 760) || (trace && width < 1180)
}

function watchWidth(call: () => void): () => void {
  addEventListener('resize', call)
  return () => removeEventListener('resize', call)
}

function useTitle(): void {
  const { talk, sessions, view, asks } = useApp()
  const place = useCell(talk.place)
  const run = useLiveRun(place)
  const live = run !== null
  const asking = useAsking(run?.view ?? null)
  const waits = useCell(asks.open).length > 0 || asking
  const title = useCell(sessions.state).sessions.find((session) => session.id === place.session)?.title
  const shown = useCell(view)
  useEffect(() => {
    const name = {
      chat: title,
      compare: title,
      archive: say('Archive'),
      models: say('Models'),
      settings: say('Settings'),
      agents: say('Agents'),
      memory: say('Memory'),
      projects: say('Projects'),
      demo: say('A recorded answer'),
    }[shown]
    const mark = waits ? `● ${say('Waits for you')} · ` : live ? '● ' : ''
    document.title = `${mark}${name === undefined ? 'PKN' : `${name} · PKN`}`
  }, [live, waits, title, shown])
  const marked = useOnce(waits)
  useEffect(() => {
    if (marked) own(import('../acts/favicon.ts').then(({ markIcon }) => markIcon(waits)))
  }, [marked, waits])
}

/** Whether the answer on the screen waits for a person. */
function useAsking(view: Cell<RunView> | null): boolean {
  const on = useCallback((call: () => void) => view?.on(call) ?? (() => {}), [view])
  return useSyncExternalStore(on, () => view !== null && askedOf(view.get().draft) !== null)
}
