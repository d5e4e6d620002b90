import { useRef, useState } from 'react'
import { useApp } from '../live/app.ts'
import type { Turn } from '../state/talk.ts'
import { count } from '../state/wording.ts'
import { say } from '../words/say.ts'
import { CopyButton } from './copy-button.tsx'
import { Icon } from './icons.tsx'
import { EditorLater, QueuedLater, SentFilesLater } from './later.tsx'
import { useKeptFocus } from './kept-focus.ts'
import { messageKeys } from './message-keys.ts'
import { Versions } from './versions.tsx'

/** A pasted file should not bury the conversation. */
const SHOWN = 2000

/** `queued`: it waits for the answers above it. */
export function UserMessage({ turn, text, queued }: { turn: Turn; text: string; queued: boolean }) {
  const { talk } = useApp()
  const [whole, setWhole] = useState(false)
  const [editing, setEditing] = useState(false)
  const article = useKeptFocus<HTMLElement>(`message ${turn.after === undefined ? turn.id : turn.after}`)
  const from = useRef<Element | null>(null)
  const close = () => {
    setEditing(false)
    // Back to where it was asked for: the message that is being written, or this one.
    if (from.current instanceof HTMLTextAreaElement) from.current.focus()
    else article.current?.focus()
  }
  const long = text.length > SHOWN * 1.2
  const editable = turn.delivery.state === 'kept' && turn.after !== undefined && !queued
  return (
    <article
      ref={article}
      aria-label={say('You said')}
      data-testid="said"
      data-turn={turn.id}
      className="arrive flex flex-col items-end"
      {...messageKeys}
    >
      {turn.files.length > 0 && !editing && <SentFilesLater files={turn.files} />}
      {editing ? (
        <EditorLater
          text={text}
          files={turn.files}
          close={close}
          save={(next, files, answer) => {
            close()
            talk.edit(turn, next, files, answer)
          }}
          keeps
        />
      ) : (
        text !== '' && (
          <div
            className={`max-w-[85%] rounded-[20px] rounded-br-md border px-4 py-2.5 leading-[1.55] [overflow-wrap:anywhere] whitespace-pre-wrap ${queued ? 'border-dashed border-rule text-soft' : 'border-transparent bg-bubble'}`}
          >
            {long && !whole ? `${text.slice(0, SHOWN)}…` : text}
            {long && (
              <button type="button" className="quiet -mx-2 mt-1 block" onClick={() => setWhole(!whole)}>
                {whole ? say('Show less') : say('Show all {n} characters', { n: count(text.length) })}
              </button>
            )}
          </div>
        )
      )}
      {queued && <QueuedLater turn={turn} />}
      {editable && !editing && (
        <div className="mt-1 flex items-center text-[13px] text-faint">
          <Versions of="message" all={turn.siblings} now={turn.id} turnTo={talk.turnTo} />
          {text !== '' && <CopyButton text={text} label={say('Copy message')} bare />}
          <button
            type="button"
            className="quiet"
            data-key="e"
            aria-label={say('Edit message')}
            title={say('Edit (E)')}
            onClick={() => {
              from.current = document.activeElement
              setEditing(true)
            }}
          >
            <Icon name="pencil" className="size-[15px]" />
          </button>
        </div>
      )}
    </article>
  )
}
