import { goTo, goToModels } from '../live/address.ts'
import { isPhone, useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { groupByDay, titleOf } from '../state/session-groups.ts'
import { Icon } from './icons.tsx'
import { SessionRow } from './session-row.tsx'

export function Sidebar() {
  const { sessions, talk, panels, view } = useApp()
  const { sessions: list, next, read, removing } = useCell(sessions.state)
  const today = new Date(useDay())
  const models = useCell(view) === 'models'
  const { session } = useCell(talk.place)
  const current = models ? null : session
  const shut = () => {
    if (isPhone()) panels.set({ ...panels.get(), chats: false })
  }
  const go = (session: Parameters<typeof goTo>[0]) => {
    goTo(session)
    shut()
  }
  return (
    <nav aria-label="Chats" className="flex h-full w-[17rem] flex-col bg-side phone:w-[min(20rem,86vw)]">
      <div className="flex h-14 flex-none items-center gap-2.5 pr-2 pl-5">
        <Mark />
        <span className="text-[16px] font-[640] tracking-[-0.01em]">PKN</span>
        <button
          type="button"
          className="tap ml-auto"
          aria-label="Close the list of chats"
          title="Close"
          onClick={() => panels.set({ ...panels.get(), chats: false })}
        >
          <Icon name="menu" />
        </button>
      </div>
      <div className="px-3 pb-2">
        <button
          type="button"
          onClick={() => go(null)}
          className="flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14.5px] font-[540] transition-colors hover:bg-hover"
        >
          <Icon name="plus" className="size-[18px] text-accent" />
          New chat
          <kbd className="ml-auto font-sans text-[12px] text-faint phone:hidden">Ctrl ⇧ O</kbd>
        </button>
        <button
          type="button"
          aria-current={models ? 'page' : undefined}
          onClick={() => {
            goToModels()
            shut()
          }}
          className={`flex min-h-10 w-full items-center gap-2.5 rounded-xl px-2.5 text-[14.5px] transition-colors hover:bg-hover ${models ? 'bg-hover font-[540]' : ''}`}
        >
          <Icon name="chip" className="size-[18px] text-accent" />
          Models
          <kbd className="ml-auto font-sans text-[12px] text-faint phone:hidden">Ctrl ,</kbd>
        </button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard */}
      <div className="min-h-0 flex-1 overflow-y-auto px-3 pb-4" tabIndex={0} role="region" aria-label="Your chats">
        {groupByDay(list, today).map((group) => (
          <section key={group.name} aria-label={group.name}>
            <h2 className="px-2.5 pt-4 pb-1 text-[12px] font-[540] text-faint">{group.name}</h2>
            <ul>
              {group.sessions.map((session) => (
                <SessionRow
                  key={session.id}
                  session={session}
                  current={session.id === current}
                  go={() => go(session.id)}
                />
              ))}
            </ul>
          </section>
        ))}
        {read && list.length === 0 && (
          <p className="px-2.5 pt-4 text-[13.5px] text-faint">Your chats will be listed here.</p>
        )}
        {next !== null && (
          <button type="button" className="quiet mt-2 ml-1" onClick={sessions.more}>
            Show more
          </button>
        )}
      </div>
      {removing !== null && (
        <div
          role="status"
          className="arrive m-3 flex items-center gap-2 rounded-xl bg-ink py-2 pr-2 pl-4 text-[13.5px] text-page"
        >
          <span className="min-w-0 truncate">Removed “{titleOf(removing)}”</span>
          <button
            type="button"
            className="ml-auto min-h-8 flex-none rounded-lg px-2.5 font-[560] underline underline-offset-2"
            onClick={sessions.undo}
          >
            Undo
          </button>
        </div>
      )}
    </nav>
  )
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" className="size-6" aria-hidden="true">
      <rect width="32" height="32" rx="9" fill="var(--accent)" />
      <path
        d="M11 22.5V10h6.2a4.4 4.4 0 0 1 0 8.8H11"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="21.5" cy="23" r="2" fill="var(--accent-ink)" opacity=".7" />
    </svg>
  )
}
