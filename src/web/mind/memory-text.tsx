import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { FaultData } from '../../wire/fault.ts'
import { fit } from '../compose/fit.ts'
import { faultText } from '../words/titles.ts'
import { say } from '../words/say.ts'

/** Longer, nothing is remembered. */
const MOST = 2000

/** A memory as it is written, or written anew. Ctrl Enter saves, Esc leaves it as it was. */
export function MemoryText(props: {
  text: string
  asking: boolean
  refused: FaultData | null
  save: (text: string) => void
  cancel: () => void
  /** What else can be said of it. */
  children?: ReactNode
}) {
  const { asking, refused, save, cancel } = props
  const [text, setText] = useState(props.text)
  const area = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    const { length } = area.current?.value ?? ''
    area.current?.focus()
    area.current?.setSelectionRange(length, length)
  }, [])
  useEffect(() => fit(area.current, text), [text])
  const ready = text.trim() !== '' && !asking
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (ready) save(text.trim())
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Escape') cancel()
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) save(text.trim())
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      <textarea
        ref={area}
        rows={2}
        maxLength={MOST}
        value={text}
        aria-label={say('What is to be remembered')}
        onChange={({ target }) => setText(target.value)}
        className="block field-sizing-content max-h-[40dvh] min-h-16 w-full resize-none rounded-xl border border-rule bg-raise px-3.5 py-2.5 text-[15px] leading-normal text-ink"
      />
      {refused !== null && (
        <p role="alert" className="mt-1.5 text-[13.5px] text-bad">
          {faultText(refused)}
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2">
        {props.children}
        <span className="ml-auto flex gap-2">
          <button type="button" className="button" onClick={cancel}>
            {say('Cancel')}
          </button>
          <button type="submit" className="button button-first" disabled={!ready}>
            {asking ? say('Saving…') : say('Save')}
          </button>
        </span>
      </div>
    </form>
  )
}
