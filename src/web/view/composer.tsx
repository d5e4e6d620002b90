import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { RunId, SessionId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell, usePick, type Cell } from '../live/cell.ts'
import { readDraft, writeDraft } from '../live/drafts.ts'
import { useLiveRun } from '../live/live-run.ts'
import type { RunView } from '../state/run-view.ts'
import { AgentPicker } from './agent-picker.tsx'
import { WillLeave } from './away.tsx'
import { Icon } from './icons.tsx'
import { ModelPicker } from './model-picker.tsx'

/** Where a message is written. What is typed survives a reload, a dead server and a change of session. */
export function Composer({ session, onSaid }: { session: SessionId | null; onSaid: () => void }) {
  const { talk, reach } = useApp()
  const [text, setText] = useState(() => readDraft(session))
  const wish = useCell(talk.wish)
  const area = useRef<HTMLTextAreaElement>(null)
  const away = useCell(reach.server).state === 'lost'
  const live = useLiveRun(useCell(talk.place))
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) area.current?.focus()
  }, [])
  useEffect(
    () =>
      talk.returned.on(() => {
        const returned = talk.returned.get()
        if (returned === '') return
        talk.returned.set('')
        const typed = area.current?.value ?? ''
        const both = typed === '' ? returned : `${returned}\n${typed}`
        setText(both)
        writeDraft(session, both)
      }),
    [talk, session],
  )
  // A new session got its id: what was typed meanwhile belongs to it.
  const before = useRef(session)
  useEffect(() => {
    if (before.current === null && session !== null) {
      writeDraft(null, '')
      writeDraft(session, area.current?.value ?? '')
    }
    before.current = session
  }, [session])
  useLayoutEffect(() => fit(area.current, text), [text])
  const write = (next: string) => {
    setText(next)
    writeDraft(session, next)
  }
  const send = () => {
    if (text.trim() === '') return
    talk.say(text.trim(), wish)
    write('')
    writeDraft(session, '')
    onSaid()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method uses Enter to take a word; 229 is how some browsers tell.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing || event.keyCode === 229) return
    event.preventDefault()
    send()
  }
  const ready = text.trim() !== ''
  return (
    <>
      <WillLeave />
      <form
        className="rounded-[22px] border border-rule bg-raise shadow-card transition-[border-color] focus-within:border-[color-mix(in_oklab,var(--accent)_55%,var(--rule))]"
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        <textarea
          ref={area}
          rows={1}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Ask anything"
          aria-label="Message"
          enterKeyHint="send"
          className="block max-h-[40dvh] min-h-[3.25rem] w-full resize-none bg-transparent px-5 pt-3.5 pb-1 text-[16px] leading-[1.55] text-ink outline-none placeholder:text-faint"
        />
        <div className="flex items-center gap-1 px-2.5 pb-2.5">
          <AgentPicker agent={wish.agent} choose={(agent) => talk.wish.set({ ...wish, agent })} />
          <ModelPicker wish={wish.model} choose={(model) => talk.wish.set({ ...wish, model })} />
          <span className="flex-1" />
          {live !== null && <StopButton view={live.view} run={live.run} />}
          {(live === null || ready) && (
            <button
              type="submit"
              disabled={!ready}
              aria-label={away ? 'Send when back' : 'Send'}
              title={away ? 'The server is away; this is sent when it is back' : 'Send (Enter)'}
              className="inline-flex h-9 min-w-9 items-center justify-center gap-1.5 rounded-full bg-accent px-2 text-[13.5px] font-[540] text-accent-ink transition-colors disabled:bg-hover disabled:text-faint phone:h-10 phone:min-w-10"
            >
              {away && ready && <span className="pl-1.5">Send when back</span>}
              <Icon name="up" />
            </button>
          )}
        </div>
      </form>
    </>
  )
}

function fit(box: HTMLTextAreaElement | null, text: string): void {
  if (box === null) return
  box.style.height = 'auto'
  if (text !== '') box.style.height = `${box.scrollHeight}px`
}

function StopButton({ view, run }: { view: Cell<RunView>; run: RunId }) {
  const { talk } = useApp()
  const stopping = usePick(view, (v) => v.stopping)
  return (
    <button
      type="button"
      onClick={() => talk.stop(run)}
      disabled={stopping}
      title="Stop (Esc)"
      className="inline-flex h-9 items-center gap-1.5 rounded-full border border-rule bg-raise pr-4 pl-3 text-[13.5px] font-[540] text-ink hover:bg-hover disabled:text-faint phone:h-10"
    >
      <Icon name="stop" className="size-4" />
      {stopping ? 'Stopping…' : 'Stop'}
    </button>
  )
}
