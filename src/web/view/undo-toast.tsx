import './undo.css'
import { useEffect, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { own } from '../live/own.ts'
import type { Removal } from '../live/removal.ts'
import { titleOf } from '../state/session-groups.ts'
import { say } from '../words/say.ts'

const OFFERED_MS = 12_000

/** Offers to take the removal of a chat back. */
export function UndoToast({ session }: { session: Session }) {
  const { sessions } = useApp()
  const title = titleOf(session)
  return (
    <Toast
      name={say('Deleted chat')}
      shown={say('Deleted “{title}”', { title })}
      said={say('Deleted {title}. Control Z takes it back.', { title })}
      undo={sessions.undo}
      settle={sessions.settle}
    />
  )
}

/** Offers to take back the removal of something else. */
export function RemovalToast({ removal }: { removal: Removal }) {
  const app = useApp()
  const settle = () => app.removal.set(null)
  return (
    <Toast
      name={say('Removed')}
      shown={removal.said}
      said={say('{what}. Control Z takes it back.', { what: removal.said })}
      undo={() => {
        settle()
        own(removal.back().then(() => app.aloud.set(say('It is back.'))))
      }}
      settle={settle}
    />
  )
}

/** The time stands still while the pointer or the focus is on it; Ctrl Z works from anywhere. */
function Toast(props: { name: string; shown: string; said: string; undo: () => void; settle: () => void }) {
  const { said, undo, settle } = props
  const { aloud, panels } = useApp()
  const list = useCell(panels).chats
  const [until, setUntil] = useState(() => Date.now() + OFFERED_MS)
  const [held, setHeld] = useState(false)
  const left = Math.max(0, Math.ceil((until - useNow()) / 1000))
  useEffect(() => aloud.set(said), [said, aloud])
  useEffect(() => {
    if (held) return
    const timer = setTimeout(settle, until - Date.now())
    return () => clearTimeout(timer)
  }, [held, until, settle])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
      if (typing || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      undo()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [undo])
  const hold = () => setHeld(true)
  const letGo = () => {
    setHeld(false)
    setUntil(Date.now() + OFFERED_MS)
  }
  return (
    <div
      role="group"
      aria-label={props.name}
      onPointerEnter={hold}
      onPointerLeave={letGo}
      onFocus={hold}
      onBlur={letGo}
      className={`undo arrive ${list ? 'undo-in-list' : ''}`}
    >
      <span className="min-w-0 truncate">{props.shown}</span>
      <span className="figures ml-auto w-6 flex-none text-right" aria-hidden="true">
        {held ? '' : left}
      </span>
      <button
        type="button"
        className="min-h-9 flex-none rounded-lg px-2.5 font-[560] underline underline-offset-2"
        aria-keyshortcuts="Control+Z"
        onClick={undo}
      >
        {say('Undo')}
      </button>
    </div>
  )
}
