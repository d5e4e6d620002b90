import { useState } from 'react'
import { useApp } from '../live/app.ts'
import type { Turn } from '../state/talk.ts'
import { count } from '../state/wording.ts'
import { Icon } from './icons.tsx'
import { EditorLater } from './later.tsx'
import { messageKeys } from './message-keys.ts'
import { Versions } from './versions.tsx'

/** A pasted file should not bury the conversation. */
const SHOWN = 2000

export function UserMessage({ turn, text }: { turn: Turn; text: string }) {
  const { talk } = useApp()
  const [whole, setWhole] = useState(false)
  const [editing, setEditing] = useState(false)
  const long = text.length > SHOWN * 1.2
  const editable = turn.delivery.state === 'kept' && turn.after !== undefined
  return (
    <article aria-label="You said" data-testid="said" className="arrive flex flex-col items-end" {...messageKeys}>
      {editing ? (
        <EditorLater
          text={text}
          close={() => setEditing(false)}
          save={(next) => {
            setEditing(false)
            talk.edit(turn, next)
          }}
        />
      ) : (
        <div className="max-w-[85%] rounded-[20px] rounded-br-md bg-bubble px-4 py-2.5 leading-[1.55] [overflow-wrap:anywhere] whitespace-pre-wrap">
          {long && !whole ? `${text.slice(0, SHOWN)}…` : text}
          {long && (
            <button type="button" className="quiet -mx-2 mt-1 block" onClick={() => setWhole(!whole)}>
              {whole ? 'Show less' : `Show all ${count(text.length)} characters`}
            </button>
          )}
        </div>
      )}
      {editable && !editing && (
        <div className="mt-1 flex items-center text-[13px] text-faint">
          <Versions of="version of your message" all={turn.siblings} now={turn.id} turnTo={talk.turnTo} />
          <button
            type="button"
            className="quiet"
            data-key="e"
            aria-label="Edit message"
            title="Edit (E)"
            onClick={() => setEditing(true)}
          >
            <Icon name="pencil" className="size-[15px]" />
          </button>
        </div>
      )}
    </article>
  )
}
