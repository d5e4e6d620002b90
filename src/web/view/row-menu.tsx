import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { pathOf } from '../../client/call.ts'
import { API } from '../../wire/api.ts'
import type { Session } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { titleOf } from '../state/session-groups.ts'
import { foldersOf } from '../state/session-sections.ts'
import { Icon } from './icons.tsx'
import { say } from '../words/say.ts'

export type Point = { x: number; y: number }

/** What can be done with a chat of the list. Arrows move, Enter chooses, Esc and a click elsewhere close. */
export function RowMenu(props: {
  session: Session
  at: Point
  close: () => void
  rename: () => void
  remove: () => void
}) {
  const { session, at, close } = props
  const { sessions, projects } = useApp()
  const shared = useCell(projects.state).projects
  const menu = useRef<HTMLDivElement>(null)
  const { sessions: known, folders: counted } = useCell(sessions.state)
  const [naming, setNaming] = useState(false)
  const folders = foldersOf(known, counted)
  useEffect(() => {
    const box = menu.current
    if (box === null) return
    box.showPopover()
    const { width, height } = box.getBoundingClientRect()
    box.style.left = `${Math.max(8, Math.min(at.x, innerWidth - width - 8))}px`
    box.style.top = `${Math.max(8, Math.min(at.y, innerHeight - height - 8))}px`
    box.querySelector<HTMLElement>('[role^=menuitem]')?.focus()
  }, [at])
  const items = () => [...(menu.current?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? [])]
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      event.stopPropagation()
      close()
      return
    }
    const all = items()
    const now = all.indexOf(document.activeElement as HTMLElement)
    const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[event.key]
    if (to === undefined || naming) return
    event.preventDefault()
    event.stopPropagation()
    all.at(to % all.length)?.focus()
  }
  const change = (what: Parameters<typeof sessions.change>[1]) => () => {
    sessions.change(session, what)
    close()
  }
  return (
    <div
      ref={menu}
      popover="auto"
      role={naming ? 'group' : 'menu'}
      tabIndex={-1}
      aria-label={say('Options for {title}', { title: titleOf(session) })}
      onKeyDown={onKeyDown}
      onToggle={(event) => {
        if (event.newState === 'closed') close()
      }}
      className="fixed inset-auto m-0 max-h-[70dvh] w-60 overflow-y-auto rounded-2xl border border-rule bg-raise p-1.5 text-ink shadow-card"
    >
      {naming ? (
        <FolderName
          keep={(folder) => {
            if (folder !== '') sessions.change(session, { folder })
            close()
          }}
        />
      ) : (
        <>
          <Item act={props.rename}>{say('Rename')}</Item>
          <Item act={change({ pinned: !session.pinned })}>{session.pinned ? say('Unpin') : say('Pin')}</Item>
          <Item act={change({ archived: !session.archived })}>
            {session.archived ? say('Take out of the archive') : say('Put into the archive')}
          </Item>
          <div role="group" aria-label={say('Folder')} className="my-1 border-y border-line py-1">
            {folders.length > 0 && (
              <p className="px-2.5 pt-1 text-[12px] text-faint" aria-hidden="true">
                {say('Folder')}
              </p>
            )}
            {folders.map((folder) => (
              <Item key={folder} checked={session.folder === folder} act={change({ folder })}>
                {folder}
              </Item>
            ))}
            {session.folder !== null && <Item act={change({ folder: null })}>{say('Out of the folder')}</Item>}
            <Item act={() => setNaming(true)}>{say('New folder…')}</Item>
          </div>
          {shared.length > 0 && (
            <div role="group" aria-label={say('Project')} className="mb-1 border-b border-line pb-1">
              <p className="px-2.5 pt-1 text-[12px] text-faint" aria-hidden="true">
                {say('Project')}
              </p>
              {shared.map(({ id, name }) => (
                <Item key={id} checked={session.project === id} act={change({ project: id })}>
                  {name}
                </Item>
              ))}
              {session.project !== null && <Item act={change({ project: null })}>{say('Out of the project')}</Item>}
            </div>
          )}
          <Save session={session} format="markdown" close={close}>
            {say('Save as Markdown')}
          </Save>
          <Save session={session} format="json" close={close}>
            {say('Save as JSON')}
          </Save>
          <div className="mt-1 border-t border-line pt-1">
            <Item act={props.remove}>{say('Delete')}</Item>
          </div>
        </>
      )}
    </div>
  )
}

const ITEM =
  'flex min-h-9 w-full items-center gap-2 rounded-xl px-2.5 text-left text-[14px] hover:bg-hover focus-visible:bg-hover phone:min-h-11'

/** JSON can be imported again, with every branch and version; Markdown is to be read. */
function Save(props: { session: Session; format: 'json' | 'markdown'; close: () => void; children: ReactNode }) {
  const { session, format } = props
  return (
    <a
      role="menuitem"
      tabIndex={-1}
      className={ITEM}
      href={pathOf(API.sessionsExport.path, { session: session.id }, { format })}
      download
      // The browser follows the link after the click; until then it has to be there.
      onClick={() => setTimeout(props.close)}
    >
      {props.children}
    </a>
  )
}

function Item({ act, checked, children }: { act: () => void; checked?: boolean; children: ReactNode }) {
  return (
    <button
      type="button"
      role={checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={checked}
      tabIndex={-1}
      onClick={act}
      className={ITEM}
    >
      <span className="min-w-0 truncate">{children}</span>
      {checked === true && <Icon name="check" className="ml-auto size-4 text-accent" />}
    </button>
  )
}

function FolderName({ keep }: { keep: (name: string) => void }) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        keep(input.current?.value.trim() ?? '')
      }}
    >
      <input
        ref={input}
        maxLength={100}
        aria-label={say('Name of the new folder')}
        placeholder={say('Name of the folder, then Enter')}
        className="min-h-10 w-full rounded-xl border border-accent bg-raise px-2.5 text-[14px] outline-none"
      />
    </form>
  )
}
