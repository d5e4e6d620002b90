import { memo, useRef, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { goTo } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { usePick } from '../live/cell.ts'
import { titleOf } from '../state/session-groups.ts'
import { Icon } from './icons.tsx'
import { RowMenuLater } from './later.tsx'
import { dragged } from './row-drag.ts'
import { nextRow } from './row-focus.ts'
import type { Point } from './row-menu.tsx'
import { TitleInput } from './title-input.tsx'
import { say } from '../words/say.ts'

/** A chat in the list: opens, is renamed in place, and has a menu by its button, by a right click and by the keyboard. */
export const SessionRow = memo(
  function SessionRow(props: { session: Session; current: boolean; entry: boolean; go: () => void }) {
    const { session, current, entry, go } = props
    const { sessions, asks } = useApp()
    const waits = usePick(asks.open, (open) => open.some((ask) => ask.session === session.id))
    const [renaming, setRenaming] = useState(false)
    const [menu, setMenu] = useState<Point | null>(null)
    const row = useRef<HTMLButtonElement>(null)
    const close = () => {
      setMenu(null)
      row.current?.focus()
    }
    const remove = () => {
      const next = nextRow(row.current)
      setMenu(null)
      sessions.remove(session)
      if (current) goTo(null)
      next?.focus()
    }
    const below = () => {
      const { right = 0, bottom = 0 } = row.current?.getBoundingClientRect() ?? {}
      setMenu({ x: right - 32, y: bottom })
    }
    if (renaming)
      return (
        <li>
          <TitleInput session={session} done={() => setRenaming(false)} />
        </li>
      )
    return (
      <li className="group relative">
        <button
          ref={row}
          type="button"
          data-row
          draggable
          onDragStart={dragged(session)}
          tabIndex={entry ? 0 : -1}
          aria-current={current ? 'page' : undefined}
          aria-keyshortcuts="F2 Delete Shift+F10"
          onClick={go}
          onDoubleClick={() => setRenaming(true)}
          onContextMenu={(event) => {
            event.preventDefault()
            if (event.clientX === 0 && event.clientY === 0) below()
            else setMenu({ x: event.clientX, y: event.clientY })
          }}
          onKeyDown={(event) => {
            if (event.key === 'F2') setRenaming(true)
            else if (event.key === 'Delete') remove()
            else if (event.key === 'ArrowRight') below()
            else return
            event.preventDefault()
          }}
          className={`flex min-h-9 w-full items-center gap-2 rounded-xl pr-9 pl-2.5 text-left text-[14px] transition-colors phone:min-h-11 ${current ? 'bg-hover font-[540] text-ink' : 'text-soft hover:bg-hover hover:text-ink'}`}
        >
          <span className="min-w-0 truncate">{titleOf(session)}</span>
          {session.active !== null && (
            <span className={`ml-auto size-2 flex-none rounded-full ${waits ? 'bg-warn' : 'breathe bg-accent'}`}>
              <span className="sr-only">{waits ? say('waits for you') : say('is being answered')}</span>
            </span>
          )}
        </button>
        <button
          type="button"
          tabIndex={-1}
          aria-haspopup="menu"
          aria-expanded={menu !== null}
          aria-label={say('Options for {title}', { title: titleOf(session) })}
          title={say('Options')}
          onClick={below}
          className="tap absolute inset-y-0 right-0.5 my-auto size-8 min-h-0 min-w-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 phone:opacity-100"
        >
          <Icon name="more" className="size-4" />
        </button>
        {menu !== null && (
          <RowMenuLater
            session={session}
            at={menu}
            close={close}
            rename={() => {
              setMenu(null)
              setRenaming(true)
            }}
            remove={remove}
          />
        )}
      </li>
    )
  },
  (a, b) => a.session === b.session && a.current === b.current && a.entry === b.entry,
)
