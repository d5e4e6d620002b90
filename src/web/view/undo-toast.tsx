import './undo.css'
import { useEffect, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useNow } from '../live/clock.ts'
import { titleOf } from '../state/session-groups.ts'
import { say } from '../words/say.ts'

const OFFERED_MS = 12_000

/** Offers to take a removal back. The time stands still while the pointer or the focus is on it; Ctrl Z works from anywhere. */
export function UndoToast({ session }: { session: Session }) {
  const { sessions, aloud, panels } = useApp()
  const list = useCell(panels).chats
  const [until, setUntil] = useState(() => Date.now() + OFFERED_MS)
  const [held, setHeld] = useState(false)
  const left = Math.max(0, Math.ceil((until - useNow()) / 1000))
  useEffect(() => {
    aloud.set(say('Deleted {title}. Control Z takes it back.', { title: titleOf(session) }))
  }, [session, aloud])
  useEffect(() => {
    if (held) return
    const timer = setTimeout(sessions.settle, until - Date.now())
    return () => clearTimeout(timer)
  }, [held, until, sessions])
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const typing =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable]')
      if (typing || event.shiftKey || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      sessions.undo()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [sessions])
  const hold = () => setHeld(true)
  const letGo = () => {
    setHeld(false)
    setUntil(Date.now() + OFFERED_MS)
  }
  return (
    <div
      role="group"
      aria-label={say('Deleted chat')}
      onPointerEnter={hold}
      onPointerLeave={letGo}
      onFocus={hold}
      onBlur={letGo}
      className={`undo arrive ${list ? 'undo-in-list' : ''}`}
    >
      <span className="min-w-0 truncate">{say('Deleted “{title}”', { title: titleOf(session) })}</span>
      <span className="figures ml-auto w-6 flex-none text-right" aria-hidden="true">
        {held ? '' : left}
      </span>
      <button
        type="button"
        className="min-h-9 flex-none rounded-lg px-2.5 font-[560] underline underline-offset-2"
        aria-keyshortcuts="Control+Z"
        onClick={sessions.undo}
      >
        {say('Undo')}
      </button>
    </div>
  )
}
