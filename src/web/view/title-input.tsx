import { useEffect, useRef } from 'react'
import type { Session } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { say } from '../words/say.ts'

/** A title being changed: Enter or leaving keeps it, Esc does not. */
export function TitleInput({ session, done }: { session: Session; done: () => void }) {
  const { sessions } = useApp()
  const input = useRef<HTMLInputElement>(null)
  const given = useRef(false)
  useEffect(() => input.current?.select(), [])
  const keep = () => {
    const title = input.current?.value.trim() ?? ''
    if (!given.current && title !== '' && title !== session.title) sessions.change(session, { title })
    given.current = true
    done()
  }
  return (
    <input
      ref={input}
      defaultValue={session.title}
      maxLength={200}
      aria-label={say('Title of the chat')}
      className="min-h-9 w-full rounded-xl border border-accent bg-raise px-2.5 text-[14px] outline-none"
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') keep()
        if (event.key === 'Escape') {
          event.stopPropagation()
          given.current = true
          done()
        }
      }}
    />
  )
}
