import { useEffect, useRef, useState } from 'react'
import type { Session } from '../../wire/message.ts'
import { goTo } from '../live/address.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { clock } from '../state/wording.ts'
import { titleOf } from '../state/session-groups.ts'
import { Icon } from '../view/icons.tsx'
import { More } from '../view/more.tsx'
import { say, sayCount } from '../words/say.ts'
import { openArchive } from './archive.ts'
import { ViewHead } from '../view/view-head.tsx'

/** Chats that were put away: found by their titles, brought back, or deleted. */
export function ArchiveView() {
  const app = useApp()
  const [archive] = useState(() => openArchive(app))
  const { rows, next, reading } = useCell(archive.state)
  const shared = useCell(app.sessions.state).sessions
  const [asked, setAsked] = useState('')
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => title.current?.focus(), [])
  useEffect(() => archive.close, [archive])
  useEffect(() => archive.find(asked), [archive, asked])
  // What is known of a chat elsewhere in the page is newer: it may have been brought back, or deleted and taken back.
  const known = new Map(shared.map((session) => [session.id, session]))
  const mine = new Set(rows.map(({ id }) => id))
  const back = shared.filter((session) => session.archived && !mine.has(session.id) && archive.fits(session, asked))
  const all = [...rows.map((row) => known.get(row.id) ?? row), ...(next === null ? back : [])]
    .filter((session) => session.archived && !archive.gone.has(session.id))
    .sort((a, b) => (a.updated < b.updated ? 1 : -1))
  return (
    <main
      aria-label={say('Archive')}
      className="min-h-0 flex-1 overflow-y-auto"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <div className="mx-auto w-full max-w-[48rem] px-6 pt-4 pb-16 phone:px-4">
        <ViewHead title={say('Archive')} at={title} toChat={app.toChat} />
        <p className="mt-2 text-[15px] text-soft">
          {say('Chats that you have put away. They are kept, and found by the search as all others are.')}
        </p>
        <label className="mt-5 flex min-h-11 items-center gap-2.5 rounded-xl border border-rule bg-raise px-3.5 ">
          <Icon name="researcher" className="size-[18px] text-faint" />
          <span className="sr-only">{say('Search the titles')}</span>
          <input
            type="search"
            value={asked}
            placeholder={say('Search the titles')}
            onChange={({ target }) => setAsked(target.value)}
            className="min-w-0 flex-1 bg-transparent text-[15px] outline-none placeholder:text-faint"
          />
        </label>
        <ul className="mt-4 divide-y divide-line" aria-label={say('Archived chats')} aria-busy={reading}>
          {all.map((session) => (
            <Row
              key={session.id}
              session={session}
              restore={() => {
                app.sessions.change(session, { archived: false })
                app.aloud.set(say('{title} is in your list again', { title: titleOf(session) }))
              }}
              remove={(after) => {
                after?.focus()
                archive.remove(session.id)
                app.sessions.remove(session)
              }}
            />
          ))}
        </ul>
        {!reading && all.length === 0 && next === null && (
          <p className="mt-8 text-center text-[14.5px] text-soft">
            {asked.trim() === '' ? say('Nothing is archived.') : say('No title has these words.')}
          </p>
        )}
        {(next !== null || reading) && <More key={`${asked} ${next}`} reading={reading} more={archive.more} />}
        <p className="sr-only" role="status">
          {reading || asked.trim() === '' ? '' : sayCount(all.length, '1 chat found', '{n} chats found')}
        </p>
      </div>
    </main>
  )
}

function Row({
  session,
  restore,
  remove,
}: {
  session: Session
  restore: () => void
  remove: (after: HTMLElement | null | undefined) => void
}) {
  const title = titleOf(session)
  return (
    <li
      className="flex min-h-12 items-center gap-1"
      data-testid="archived"
      style={{ contentVisibility: 'auto', containIntrinsicSize: 'auto 3.25rem' }}
    >
      <button
        type="button"
        className="min-h-11 min-w-0 flex-1 rounded-lg px-2 py-1 text-left hover:bg-hover"
        onClick={() => goTo(session.id)}
      >
        <span className="block truncate text-[14.5px]">{title}</span>
        <span className="block truncate text-[12.5px] text-faint">
          {clock(session.updated, new Date(useDay()))}
          {session.folder !== null && ` · ${session.folder}`}
        </span>
      </button>
      <button
        type="button"
        className="quiet min-h-9 phone:min-h-10"
        aria-label={say('Restore {title}', { title })}
        onClick={restore}
      >
        <Icon name="back" className="size-4" />
        <span className="phone:hidden">{say('Restore')}</span>
      </button>
      <button
        type="button"
        className="tap"
        aria-label={say('Delete {title}', { title })}
        title={say('Delete')}
        onClick={({ currentTarget }) => {
          const row = currentTarget.closest('li')
          const next = row?.nextElementSibling ?? row?.previousElementSibling
          remove(next?.querySelector<HTMLElement>('button:last-child'))
        }}
      >
        <Icon name="bin" className="size-[17px]" />
      </button>
    </li>
  )
}
