import { useEffect, useId, useRef, useState, type RefObject } from 'react'
import type { Answer } from '../../wire/tool.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'
import type { AskDraft } from './ask-drafts.ts'
import { changed, chatWords, fieldOf, type Asking } from './asking.ts'

type Kept = { give: (said: Answer) => void; draft: AskDraft; write: (change: AskDraft) => void }

/** Allow, deny with a reason, or have something else done. */
export function Ways({ asking, ...kept }: { asking: Asking } & Kept) {
  const { give, draft, write } = kept
  const first = useRef<HTMLButtonElement>(null)
  const back = () => {
    write({ mode: 'ways' })
    first.current?.closest<HTMLElement>('[data-ask]')?.focus()
  }
  if (draft.mode === 'deny') return <Denial {...kept} back={back} />
  if (draft.mode === 'change' && asking.input !== null) return <Change asking={asking} {...kept} back={back} />
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
        <button type="button" className="button" onClick={() => write({ mode: 'deny' })}>
          {say('Deny')}
          <Key name="D" />
        </button>
        {asking.input !== null && (
          <button type="button" className="quiet act-change" onClick={() => write({ mode: 'change' })}>
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

/** For a field that was asked for; one that comes back with the page leaves the focus where it is. */
function useFocus<T extends HTMLElement>(): RefObject<T | null> {
  const box = useRef<T>(null)
  useEffect(() => {
    if (navigator.userActivation.isActive) box.current?.focus()
  }, [])
  return box
}

/** A refusal, with its reason. */
export function Denial(props: Kept & { back: () => void; label?: string; verb?: string }) {
  const { give, draft, write, back, label, verb } = props
  const field = useFocus<HTMLInputElement>()
  const id = useId()
  return (
    <form
      className="act-form"
      onSubmit={(event) => {
        event.preventDefault()
        const reason = (draft.reason ?? '').trim()
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
      <input
        ref={field}
        id={id}
        maxLength={4000}
        autoComplete="off"
        className="act-field"
        value={draft.reason ?? ''}
        onChange={(event) => write({ reason: event.target.value })}
      />
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

function Change({ asking, give, draft, write, back }: Kept & { asking: Asking; back: () => void }) {
  const [{ name, text }] = useState(() => fieldOf(asking))
  const now = draft.change ?? text
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
        const read = changed(asking.input, name, now)
        if (read.ok) give({ allow: true, scope: 'once', input: read.input })
        else {
          setWrong(read.what)
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
        value={now}
        onChange={(event) => write({ change: event.target.value })}
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
