import {
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type KeyboardEvent,
} from 'react'
import { MOST_ATTACHMENTS } from '../../wire/attachment.ts'
import type { SessionId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { readDraft, writeDraft } from '../live/drafts.ts'
import { keyName } from '../live/key-names.ts'
import { useLiveRun } from '../live/live-run.ts'
import { own } from '../live/own.ts'
import { isUsable } from '../state/brought.ts'
import { RivalsButton } from '../compare/rivals-button.tsx'
import { AgentPicker } from '../view/agent-picker.tsx'
import { WillLeave } from '../view/away.tsx'
import { Icon } from '../view/icons.tsx'
import { AgentListLater, DropLater, QuoteLater, SnippetListLater, TrayLater } from '../view/later.tsx'
import { ModelPicker } from '../view/model-picker.tsx'
import { say } from '../words/say.ts'
import { AttachButton } from './attach-button.tsx'
import { useChosen } from './chosen.ts'
import { useDrop } from './drop.ts'
import { begunIn, fit } from './fit.ts'
import { filesIn, isLong } from './pasted.ts'
import { PlanPicker } from './plan-picker.tsx'
import { StopButton } from './stop-button.tsx'

/** Where a message is written. What is typed and attached survives a reload, a dead server and a change of session. */
export function Composer({ session, onSaid }: { session: SessionId | null; onSaid: () => void }) {
  const { talk, reach, keeper, ...app } = useApp()
  const [text, setText] = useState(() => readDraft(session))
  const [tray] = useState(() => app.tray(session))
  const items = useCell(tray.items)
  const wish = useCell(talk.wish)
  const area = useRef<HTMLTextAreaElement>(null)
  const away = useCell(reach.server).state === 'lost'
  const place = useCell(talk.place)
  const live = useLiveRun(place)
  const byEnter = useCell(app.settings.enter) === 'send'
  /** A name is begun there. */
  const [begun, setBegun] = useState<{ of: 'agent' | 'snippet'; caret: number } | null>(null)
  const shut = useCallback(() => setBegun(null), [])
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) area.current?.focus()
  }, [])
  useEffect(() => {
    if (tray.items.get().length > 0) own(keeper().then((it) => it.resume(tray)))
  }, [tray, keeper])
  const write = (next: string, at?: number) => {
    setText(next)
    writeDraft(session, next)
    if (at === undefined) return
    // The caret can only stand in what is drawn.
    requestAnimationFrame(() => {
      area.current?.focus()
      area.current?.setSelectionRange(at, at)
      area.current?.scrollTo({ top: area.current.scrollHeight })
    })
  }
  useEffect(
    () =>
      talk.returned.on(() => {
        const back = talk.returned.get()
        if (back === null) return
        talk.returned.set(null)
        const typed = area.current?.value ?? ''
        const parts = back.quote === true ? [typed.trimEnd(), `${back.text}\n\n`] : [back.text, typed]
        const next = parts.filter((part) => part !== '').join(back.quote === true ? '\n\n' : '\n')
        setText(next)
        writeDraft(session, next)
        tray.put(back.files ?? [])
        requestAnimationFrame(() => {
          area.current?.focus()
          area.current?.setSelectionRange(next.length, next.length)
        })
        if ((back.files ?? []).length > 0) own(keeper().then((it) => it.resume(tray)))
      }),
    [talk, session, tray, keeper],
  )
  // A new session got its id: what was typed and attached meanwhile belongs to it.
  const before = useRef(session)
  useEffect(() => {
    if (before.current === null && session !== null) {
      writeDraft(null, '')
      writeDraft(session, area.current?.value ?? '')
      tray.move(session)
    }
    before.current = session
  }, [session, tray])
  useLayoutEffect(() => fit(area.current, text), [text])
  const attach = (files: readonly File[], pasted = false) =>
    own(
      keeper().then(
        (it) => it.add(tray, files, pasted),
        () => {
          app.aloud.set(
            say('The server is away, and this part of the page was not loaded yet. Try again when it is back.'),
          )
        },
      ),
    )
  const stuck = items.some((item) => !isUsable(item))
  const ready = (text.trim() !== '' || items.length > 0) && !stuck
  const send = (now: boolean) => {
    if (!ready) {
      if (stuck) app.aloud.set(say('A file could not be attached: remove it or try again, then send.'))
      return
    }
    const files = tray.take()
    if (now && live !== null) talk.steer(text.trim(), wish, files, live.run)
    else talk.say(text.trim(), wish, files)
    write('')
    setBegun(null)
    onSaid()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // An input method uses Enter to take a word; 229 is how some browsers tell.
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.defaultPrevented) return
    const command = event.ctrlKey || event.metaKey
    if (event.key === 'Enter' && !event.altKey && (byEnter ? !event.shiftKey : command)) {
      event.preventDefault()
      send(command && (byEnter || event.shiftKey))
    } else if (event.key === 'ArrowUp' && text === '' && items.length === 0 && !event.altKey && !event.shiftKey) {
      const last = [...document.querySelectorAll<HTMLElement>('[data-testid=said]')].at(-1)
      const button = last?.querySelector<HTMLElement>('[data-key=e], [data-withdraw]')
      if (button == null) return
      event.preventDefault()
      button.click()
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    const files = filesIn(event.clipboardData)
    const pasted = event.clipboardData.getData('text/plain')
    if (files.length > 0) {
      event.preventDefault()
      attach(files)
    } else if (isLong(pasted) && items.length < MOST_ATTACHMENTS) {
      event.preventDefault()
      attach([new File([pasted], say('Pasted text'), { type: 'text/plain' })], true)
    }
  }
  const dragging = useDrop(attach)
  const chosen = useChosen()
  return (
    <>
      <WillLeave />
      <form
        data-composer
        className="relative rounded-[22px] border border-rule bg-raise shadow-card transition-[border-color] focus-within:border-[color-mix(in_oklab,var(--accent)_55%,var(--rule))]"
        onSubmit={(event) => {
          event.preventDefault()
          send(false)
        }}
      >
        {begun?.of === 'agent' && (
          <AgentListLater
            area={area}
            text={text}
            caret={begun.caret}
            choose={(agent, rest, at) => {
              talk.wish.set({ ...wish, agent })
              setBegun(null)
              write(rest, at)
            }}
            close={shut}
          />
        )}
        {begun?.of === 'snippet' && (
          <SnippetListLater
            area={area}
            text={text}
            caret={begun.caret}
            put={(next, at) => {
              setBegun(null)
              write(next, at)
            }}
            close={shut}
          />
        )}
        {items.length > 0 && (
          <TrayLater
            tray={tray}
            items={items}
            putIn={(more) => write(text === '' ? more : `${text.trimEnd()}\n\n${more}`, more.length + text.length + 2)}
            back={() => area.current?.focus()}
          />
        )}
        <textarea
          ref={area}
          rows={1}
          value={text}
          onChange={(event) => {
            write(event.target.value)
            const of = begunIn(event.target)
            setBegun(of === null ? null : { of, caret: event.target.selectionStart })
          }}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          placeholder={say('Ask anything')}
          aria-label={say('Message')}
          enterKeyHint="send"
          className="block field-sizing-content max-h-[40dvh] min-h-[3.25rem] w-full resize-none overflow-y-auto bg-transparent px-5 pt-3.5 pb-1 text-[16px] leading-[1.55] text-ink outline-none placeholder:text-faint"
        />
        <div className="flex items-center gap-1 px-2.5 pb-2.5">
          <AttachButton attach={attach} />
          <AgentPicker agent={wish.agent} choose={(agent) => talk.wish.set({ ...wish, agent })} />
          <ModelPicker wish={wish.model} choose={(model) => talk.wish.set({ ...wish, model })} />
          <PlanPicker plan={wish.plan ?? 'never'} choose={(plan) => talk.wish.set({ ...wish, plan })} />
          <RivalsButton />
          <span className="flex-1" />
          {live !== null && <StopButton view={live.view} run={live.run} />}
          {(live === null || ready) && (
            <button
              type="submit"
              disabled={!ready}
              aria-label={away ? say('Send when back') : live === null ? say('Send') : say('Send next')}
              title={
                away
                  ? say('The server is away; this is sent when it is back')
                  : byEnter
                    ? say('Send (Enter)')
                    : say('Send ({key} Enter)', { key: keyName('Mod') })
              }
              className="inline-flex h-9 min-w-9 flex-none items-center justify-center gap-1.5 rounded-full bg-accent px-2 text-[13.5px] font-[540] text-accent-ink transition-colors disabled:bg-hover disabled:text-faint phone:h-10 phone:min-w-10"
            >
              {away && ready && <span className="pl-1.5">{say('Send when back')}</span>}
              <Icon name="up" />
            </button>
          )}
        </div>
      </form>
      {live !== null && ready && (
        <p className="pointer-events-none absolute inset-x-0 bottom-0 text-center text-[11.5px] leading-tight text-faint phone:hidden">
          {byEnter
            ? `${say('Enter: next in line')} · ${say('{key} Enter: stop the answer and ask this now', { key: keyName('Mod') })}`
            : `${say('{key} Enter: next in line', { key: keyName('Mod') })} · ${say('{key} Shift Enter: stop the answer and ask this now', { key: keyName('Mod') })}`}
        </p>
      )}
      {dragging && <DropLater />}
      {chosen && <QuoteLater />}
    </>
  )
}
