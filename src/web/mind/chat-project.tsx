import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { goTo, goToProjects } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { Icon } from '../view/icons.tsx'
import { say } from '../words/say.ts'

const ITEM =
  'flex min-h-9 w-full items-center gap-2 rounded-xl px-2.5 text-left text-[14px] hover:bg-hover focus-visible:bg-hover phone:min-h-11'

/** Which project the chat belongs to, and a way to another: of a chat that is there, or (undefined) of one that is about to begin. */
export function ChatProject({ session }: { session: Session | undefined }) {
  const app = useApp()
  const { projects } = useCell(app.projects.state)
  const { project: begins } = useCell(app.talk.place)
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const now = session === undefined ? begins : session.project
  const current = projects.find(({ id }) => id === now)
  useEffect(() => {
    const box = menu.current
    if (!open || box === null) return
    box.showPopover()
    const at = button.current?.getBoundingClientRect()
    const { width } = box.getBoundingClientRect()
    box.style.left = `${Math.max(8, Math.min(at?.left ?? 0, innerWidth - width - 8))}px`
    box.style.top = `${(at?.bottom ?? 0) + 4}px`
    box.querySelector<HTMLElement>('[aria-checked=true], [role^=menuitem]')?.focus()
  }, [open])
  if (projects.length === 0) return null
  const close = () => {
    setOpen(false)
    button.current?.focus()
  }
  const move = (to: ProjectId | null) => {
    close()
    if (session === undefined) goTo(null, to)
    else app.sessions.change(session, { project: to })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      return close()
    }
    const all = [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
    const at = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    all.at(to % all.length)?.focus()
  }
  const label = current === undefined ? say('Project: none') : say('Project: {name}', { name: current.name })
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        title={label}
        data-testid="chat-project"
        onClick={() => setOpen(!open)}
        // Where there is no room for it, the menu of the chat in the list has the same.
        className={`inline-flex h-9 max-w-44 flex-none items-center gap-1.5 rounded-full px-2.5 text-[13px] hover:bg-hover hover:text-ink phone:size-10 phone:justify-center phone:p-0 @max-[350px]:hidden ${current === undefined ? `text-faint ${session === undefined ? '' : 'phone:hidden'}` : 'bg-accent-wash text-accent'}`}
      >
        <Icon name="project" className="size-[17px]" />
        {current !== undefined && <span className="truncate phone:sr-only @max-[760px]:sr-only">{current.name}</span>}
      </button>
      {open && (
        <div
          ref={menu}
          popover="auto"
          role="menu"
          tabIndex={-1}
          aria-label={say('Project of this chat')}
          onKeyDown={onKeyDown}
          onToggle={(event) => {
            if (event.newState === 'closed') setOpen(false)
          }}
          className="fixed inset-auto m-0 max-h-[70dvh] w-64 overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 text-ink shadow-card"
        >
          {[null, ...projects].map((project) => (
            <button
              key={project?.id ?? ''}
              type="button"
              role="menuitemradio"
              aria-checked={(project?.id ?? null) === (current?.id ?? null)}
              tabIndex={-1}
              className={ITEM}
              onClick={() => move(project?.id ?? null)}
            >
              <span className="min-w-0 truncate">{project?.name ?? say('No project')}</span>
              {(project?.id ?? null) === (current?.id ?? null) && (
                <Icon name="check" className="ml-auto size-4 text-accent" />
              )}
            </button>
          ))}
          {current !== undefined && (
            <div className="mt-1 border-t border-line pt-1">
              <button
                type="button"
                role="menuitem"
                tabIndex={-1}
                className={ITEM}
                onClick={() => {
                  close()
                  goToProjects(current.id)
                }}
              >
                {say('Open the project')}
              </button>
            </div>
          )}
        </div>
      )}
    </>
  )
}
