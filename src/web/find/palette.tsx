import { useLayoutEffect, useRef, useState } from 'react'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import type { FindAsk } from '../live/find.ts'
import { say } from '../words/say.ts'
import { Finder } from './finder.tsx'
import './palette.css'

/** One dialog to find and to do everything. It opens and closes with `app.find`. */
export function Palette() {
  const { find } = useApp()
  const ask = useCell(find)
  return ask === null ? null : <Opened key={ask.only} ask={ask} />
}

/** What was looked for last stands there again, chosen, so that one can go from hit to hit. */
let lastFound = ''

function Opened({ ask }: { ask: FindAsk }) {
  const { find } = useApp()
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState(() => (ask.text === '' ? lastFound : ask.text))
  const typed = useRef(ask.text)
  useLayoutEffect(() => {
    const box = dialog.current
    box?.showModal()
    // What was typed meanwhile goes on; what was looked for last is replaced by the first letter.
    const input = box?.querySelector('input')
    input?.setSelectionRange(typed.current === '' ? 0 : input.value.length, input.value.length)
    // Closed before it is gone, so that the focus goes back to where it was.
    return () => box?.close()
  }, [])
  const close = () => {
    dialog.current?.close()
    find.set(null)
  }
  return (
    <dialog
      ref={dialog}
      aria-label={ask.only === 'all' ? say('Search') : say('Search your chats')}
      className="palette overflow-hidden rounded-2xl border border-rule bg-raise p-0 text-ink shadow-card backdrop:bg-[rgb(0_0_0/35%)]"
      onClose={() => find.set(null)}
      onPointerDown={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <Finder
        only={ask.only}
        text={text}
        write={setText}
        close={close}
        chosen={(option) => {
          lastFound = option.id.startsWith('hit:') ? text : ''
        }}
      />
    </dialog>
  )
}
