import { useEffect, useId, useRef, useState, type RefObject } from 'react'
import type { Answer } from '../../wire/tool.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import { changed, chatWords, fieldOf, type Asking } from './asking.ts'

type Mode = 'ways' | 'deny' | 'change'
type Give = (said: Answer) => void

/** Allow, deny with a reason, or have something else done. */
export function Ways(props: { asking: Asking; mode: Mode; setMode: (mode: Mode) => void; give: Give }) {
  const { asking, mode, setMode, give } = props
  const first = useRef<HTMLButtonElement>(null)
  const back = () => {
    setMode('ways')
    first.current?.closest<HTMLElement>('[data-ask]')?.focus()
  }
  if (mode === 'deny') return <Denial give={give} back={back} />
  if (mode === 'change') return <Change asking={asking} give={give} back={back} />
  return (
    <>
      <div className="act-ways">
        <button
          ref={first}
          type="button"
          className="button button-first"
          onClick={() => give({ allow: true, scope: 'once' })}
        >
          {say('Allow once')}
          <Key name="A" />
        </button>
        <button type="button" className="button" onClick={() => give({ allow: true, scope: 'session' })}>
          {say('Allow in this chat')}
          <Key name="S" />
        </button>
        <button type="button" className="button" onClick={() => setMode('deny')}>
          {say('Deny')}
          <Key name="D" />
        </button>
        {asking.input !== null && (
          <button type="button" className="quiet act-change" onClick={() => setMode('change')}>
            <Icon name="pencil" className="size-4" />
            {say('Change it')}
          </button>
        )}
      </div>
      <p className="act-why">{chatWords(asking)}</p>
    </>
  )
}

const Key = ({ name }: { name: string }) => (
  <kbd className="act-key" aria-hidden="true">
    {name}
  </kbd>
)

function useFocus<T extends HTMLElement>(): RefObject<T | null> {
  const box = useRef<T>(null)
  useEffect(() => box.current?.focus(), [])
  return box
}

/** A refusal, with its reason. */
export function Denial(props: { give: Give; back: () => void; label?: string; verb?: string }) {
  const { give, back, label, verb } = props
  const field = useFocus<HTMLInputElement>()
  const id = useId()
  return (
    <form
      className="act-form"
      onSubmit={(event) => {
        event.preventDefault()
        const reason = field.current?.value.trim() ?? ''
        give({ allow: false, scope: 'once', ...(reason === '' ? {} : { reason }) })
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        back()
      }}
    >
      <label htmlFor={id}>{label ?? say('Why not? The agent is told; it may stay empty.')}</label>
      <input ref={field} id={id} maxLength={4000} autoComplete="off" className="act-field" />
      <div className="act-ways">
        <button type="submit" className="button button-first">
          {verb ?? say('Deny')}
        </button>
        <button type="button" className="button" onClick={back}>
          {say('Back')}
        </button>
      </div>
    </form>
  )
}

function Change({ asking, give, back }: { asking: Asking; give: Give; back: () => void }) {
  const [{ name, text }] = useState(() => fieldOf(asking))
  const [wrong, setWrong] = useState('')
  const field = useFocus<HTMLTextAreaElement>()
  const id = useId()
  const labels: Record<string, string> = {
    command: say('The command that is run instead'),
    content: say('What the file is to hold instead'),
    url: say('The address that is fetched instead'),
  }
  return (
    <form
      className="act-form"
      onSubmit={(event) => {
        event.preventDefault()
        const now = changed(asking.input, name, field.current?.value ?? '')
        if (now.ok) give({ allow: true, scope: 'once', input: now.input })
        else {
          setWrong(now.what)
          field.current?.focus()
        }
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        event.stopPropagation()
        back()
      }}
    >
      <label htmlFor={id}>{labels[name ?? ''] ?? say('What is done instead, as JSON')}</label>
      <textarea
        ref={field}
        id={id}
        defaultValue={text}
        rows={Math.min(14, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        autoCapitalize="off"
        dir="ltr"
        aria-invalid={wrong !== ''}
        className="act-field act-code"
      />
      {wrong !== '' && (
        <p role="alert" className="act-wrong">
          {say('This can’t be read: {what}', { what: wrong })}
        </p>
      )}
      <div className="act-ways">
        <button type="submit" className="button button-first">
          {say('Allow it like this')}
        </button>
        <button type="button" className="button" onClick={back}>
          {say('Back')}
        </button>
      </div>
    </form>
  )
}
