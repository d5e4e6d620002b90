import { useEffect, useRef, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { goTo } from '../live/address.ts'
import { isPhone, useApp } from '../live/app.ts'
import { own } from '../live/own.ts'
import { CopyButton } from '../view/copy-button.tsx'
import { Icon } from '../view/icons.tsx'
import { say, sayCount } from '../words/say.ts'
import { bring, MOST, type Bringing } from './bring.ts'
import { DeskClose } from '../view/desk-close.tsx'
import { FileLine } from './file-line.tsx'

type Item = { id: number; file: File; now: Bringing }
/** More lines than this are not shown; all of them can be copied. */
const MOST_LINES = 100

/** Chats from the files of PKN and of other programs: which, how far they are, what was taken and what was not. */
export function BringDialog({ files, close }: { files: readonly File[]; close: () => void }) {
  const { reach, sessions, panels, aloud } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [items, setItems] = useState<readonly Item[]>([])
  const [left] = useState(() => new AbortController())
  const [queue] = useState<{ next: number; tail: Promise<void> }>(() => ({ next: 0, tail: Promise.resolve() }))
  const [take] = useState(() => (some: readonly File[]) => {
    const fresh = some.map((file) => ({ id: queue.next++, file, now: { state: 'waiting' } as Bringing }))
    setItems((all) => [...all, ...fresh])
    for (const { id, file } of fresh) {
      const tell = (now: Bringing) => {
        setItems((all) => all.map((item) => (item.id === id ? { ...item, now } : item)))
        if (now.state !== 'done') return
        for (const session of now.reply.sessions) sessions.put(session)
        sessions.count()
        aloud.set(sayCount(now.reply.sessions.length, 'Imported 1 chat', 'Imported {n} chats'))
      }
      // One after the other: each may be as large as the server takes.
      queue.tail = queue.tail.then(() => (left.signal.aborted ? undefined : bring(file, reach, left.signal, tell)))
      own(queue.tail)
    }
  })
  useEffect(() => {
    dialog.current?.showModal()
    if (files.length > 0) take(files)
    return () => left.abort()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- the files that it was opened with are taken once
  }, [])
  const replies = items.flatMap(({ now }) => (now.state === 'done' ? [now.reply] : []))
  const taken = replies.flatMap((reply) => reply.sessions)
  const messages = replies.reduce((sum, reply) => sum + reply.messages, 0)
  const skipped = items.flatMap(({ now, file }) =>
    now.state === 'done' ? now.reply.skipped.map(({ what, why }) => ({ file: file.name, what, why })) : [],
  )
  const busy = items.some(({ now }) => now.state !== 'done' && now.state !== 'failed')
  const amount = {
    chats: sayCount(taken.length, '1 chat', '{n} chats'),
    messages: sayCount(messages, '1 message', '{n} messages'),
  }
  const show = (session: Session) => {
    dialog.current?.close()
    goTo(session.id)
    if (isPhone()) panels.set({ ...panels.get(), chats: false })
  }
  return (
    <dialog
      ref={dialog}
      onClose={close}
      aria-label={say('Import chats')}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        take([...event.dataTransfer.files])
      }}
      className="desk"
    >
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 className="text-[16px] font-[600]">{say('Import chats')}</h2>
          <p className="mt-1 text-[13.5px] leading-snug text-soft">
            {say(
              'The JSON files that PKN, ChatGPT (conversations.json), Open WebUI and LibreChat export. They stay on this machine. Up to {most} each.',
              { most: `${MOST / 1024 / 1024} MB` },
            )}
          </p>
        </div>
        <DeskClose dialog={dialog} />
      </div>
      <input
        ref={picker}
        type="file"
        multiple
        accept=".json,application/json"
        className="hidden"
        aria-label={say('Files to import')}
        onChange={({ target }) => {
          take([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <button
        type="button"
        onClick={() => picker.current?.click()}
        className={`mt-4 flex w-full items-center justify-center gap-2 desk-drop rounded-xl px-4 text-[14px] text-soft transition-colors hover:bg-hover hover:text-ink ${items.length === 0 ? 'min-h-24' : 'min-h-12'}`}
      >
        <Icon name="plus" className="size-[18px] text-accent" />
        {items.length === 0 ? say('Choose files, or drop them here') : say('More files')}
      </button>
      {items.length > 0 && (
        <ul className="mt-3 divide-y divide-line" aria-label={say('Files')}>
          {items.map(({ id, file, now }) => (
            <FileLine key={id} file={file} now={now} />
          ))}
        </ul>
      )}
      {skipped.length > 0 && <Skipped all={skipped} />}
      {taken.length > 0 && (
        <div className="mt-4 flex flex-wrap items-center gap-3 border-t border-line pt-4">
          <p className="min-w-0 flex-1 text-[14px]" data-testid="taken">
            {busy
              ? say('So far: {chats} with {messages}.', amount)
              : say('In your list now: {chats} with {messages}.', amount)}
          </p>
          <button type="button" className="button button-first" onClick={() => show(taken[0]!)}>
            {say('Open the first one')}
          </button>
        </div>
      )}
    </dialog>
  )
}

function Skipped({ all }: { all: readonly { file: string; what: string; why: string }[] }) {
  const text = all.map(({ file, what, why }) => `${file}: ${what}: ${why}`).join('\n')
  return (
    <details className="mt-3 rounded-xl bg-sunk" data-testid="skipped">
      <summary className="flex min-h-10 items-center gap-2 px-3 text-[13.5px] text-soft">
        <Icon name="warn" className="size-4 text-warn" />
        {sayCount(all.length, '1 thing was left out', '{n} things were left out')}
        <Icon name="fold" className="ml-auto size-3.5" />
      </summary>
      <ul className="max-h-60 space-y-1.5 overflow-y-auto px-3 pb-2 text-[13px] leading-snug">
        {all.slice(0, MOST_LINES).map(({ what, why }, i) => (
          <li key={i} className="break-words">
            <span className="font-[540]">{what}</span> <span className="text-soft">{why}</span>
          </li>
        ))}
      </ul>
      <div className="flex items-center px-2 pb-2 text-[13px] text-faint">
        <CopyButton text={text} label={say('Copy what was left out')} />
        {all.length > MOST_LINES && <span>{say('The first {n} are shown; all are copied.', { n: MOST_LINES })}</span>}
      </div>
    </details>
  )
}
