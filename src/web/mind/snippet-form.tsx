import { useEffect, useId, useRef, useState } from 'react'
import type { Snippet } from '../../wire/mind.ts'
import { fit } from '../compose/fit.ts'
import { useApp } from '../live/app.ts'
import { useAsking } from '../shelf/use-shelf.ts'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'
import { isName, removeSnippet, writeSnippet } from './snippet-calls.ts'

const NAME =
  'block min-h-10 w-full rounded-xl border bg-raise px-3.5 font-mono text-[14px] text-ink placeholder:text-faint'

/** A text under a name; with another name it is kept under that one instead. */
export function SnippetForm(props: { snippet: Snippet | null; taken: readonly string[]; done: () => void }) {
  const { snippet, taken, done } = props
  const app = useApp()
  const id = useId()
  const { asking, refused, ask } = useAsking()
  const [name, setName] = useState(snippet?.name ?? '')
  const [text, setText] = useState(snippet?.text ?? '')
  const [tried, setTried] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => (snippet === null ? first : area).current?.focus(), [snippet])
  useEffect(() => fit(area.current, text), [text])
  const wrong = !isName(name)
    ? say('A name has letters, digits, _ and -, 40 at most.')
    : taken.includes(name) && name !== snippet?.name
      ? say('There is a snippet of that name.')
      : null
  const save = () => {
    setTried(true)
    if (wrong !== null) return first.current?.focus()
    if (text.trim() === '') return area.current?.focus()
    ask(async () => {
      const fault = await writeSnippet(app, name, text)
      if (fault !== null || snippet === null || snippet.name === name) return fault
      const gone = await removeSnippet(app, snippet)
      app.removal.set(null)
      return gone
    }, done)
  }
  return (
    <form
      className="rounded-2xl border border-line bg-raise p-4"
      onSubmit={(event) => {
        event.preventDefault()
        save()
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') done()
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) save()
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <label htmlFor={`${id}name`} className="text-[14px] font-[560]">
        {say('Name')}
      </label>
      <input
        ref={first}
        id={`${id}name`}
        value={name}
        maxLength={40}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={tried && wrong !== null}
        aria-describedby={`${id}wrong`}
        onChange={({ target }) => setName(target.value)}
        className={`mt-1.5 ${NAME} ${tried && wrong !== null ? 'border-bad' : 'border-rule'}`}
      />
      <p id={`${id}wrong`} className="mt-1 text-[13px] text-bad">
        {tried && wrong}
      </p>
      <label htmlFor={`${id}text`} className="mt-2 block text-[14px] font-[560]">
        {say('Text')}
      </label>
      <textarea
        ref={area}
        id={`${id}text`}
        rows={4}
        value={text}
        maxLength={100_000}
        aria-invalid={tried && text.trim() === ''}
        onChange={({ target }) => setText(target.value)}
        className="mt-1.5 block field-sizing-content max-h-[50dvh] min-h-28 w-full resize-none rounded-xl border border-rule bg-raise px-3.5 py-2.5 text-[15px] leading-normal text-ink"
      />
      {refused !== null && (
        <p role="alert" className="mt-1.5 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
      <div className="mt-3 flex justify-end gap-2">
        <button type="button" className="button" onClick={done}>
          {say('Cancel')}
        </button>
        <button type="submit" className="button button-first" disabled={asking}>
          {asking ? say('Saving…') : say('Save')}
        </button>
      </div>
    </form>
  )
}
