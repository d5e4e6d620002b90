import { useEffect, useRef } from 'react'
import type { SessionId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { foldedSections } from '../live/folded.ts'
import type { Change } from '../live/session-list.ts'
import { sections } from '../state/session-sections.ts'
import { count } from '../state/wording.ts'
import { say } from '../words/say.ts'
import { Icon } from './icons.tsx'
import { takes } from './row-drag.ts'
import { KeptHereLater } from './later.tsx'
import { ProjectFilter } from './project-filter.tsx'
import { moveByKey } from './row-focus.ts'
import { SessionRows } from './session-rows.tsx'

const NO_COUNTS: readonly never[] = []
const { folded: foldedCell, toggle } = foldedSections(localStorage)

/** The chats: one stop for the Tab key, arrows move within. */
export function SessionSections({
  current,
  go,
}: {
  current: SessionId | null
  go: (session: SessionId | null) => void
}) {
  const { sessions, projects, desk, reach } = useApp()
  const lost = useCell(reach.server).state === 'lost'
  const { sessions: every, folders: counted, next, read } = useCell(sessions.state)
  const only = useCell(projects.only)
  const known = useCell(projects.state).projects.some(({ id }) => id === only)
  const list = only === null ? every : every.filter(({ project }) => project === only)
  const folders = only === null ? counted : NO_COUNTS
  // What belongs to a project, and was used long ago, is read when it is looked for.
  useEffect(() => {
    if (only !== null && known) sessions.moreOf({ project: only })
  }, [only, known, sessions])
  const folded = useCell(foldedCell)
  const all = sections(list, new Date(useDay()), folders).map((section) => ({
    ...section,
    shut: section.key !== null && folded.has(section.key),
  }))
  const shown = all.filter(({ shut }) => !shut).flatMap((section) => section.sessions)
  const entry = shown.find(({ id }) => id === current)?.id ?? shown[0]?.id
  const put = (into: Change) => (id: string) => {
    const session = list.find((each) => each.id === id)
    if (session !== undefined) sessions.change(session, into)
  }
  // What a folder holds that is open, and was used long ago, is read when it is seen.
  const open = all.filter(({ folder, shut, holds = 0, sessions: of }) => folder && !shut && holds > of.length)
  const missing = open.map(({ name }) => name).join('\n')
  useEffect(() => {
    if (missing !== '') for (const folder of missing.split('\n')) sessions.moreOf({ folder })
  }, [missing, sessions])
  return (
    <div
      className="min-h-0 flex-1 overflow-y-auto px-3 pb-4 low:flex-none low:overflow-visible"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label={say('Your chats')}
      onKeyDown={(event) => {
        if (moveByKey(event.key)) event.preventDefault()
      }}
    >
      <ProjectFilter />
      {all.map(({ key, name, sessions: of, folder, holds, shut }) => (
        <section
          key={key ?? name}
          aria-label={folder ? say('Folder {name}', { name }) : name}
          className="rounded-xl data-over:bg-accent-wash"
          {...takes(put(key === 'pinned' ? { pinned: true } : { folder: folder ? name : null, pinned: false }))}
        >
          <h2 className="group flex items-center pt-4 pb-1 text-[12px] font-[540] text-faint">
            {key === null ? (
              <span className="px-2.5">{name}</span>
            ) : (
              <Fold name={name} open={!shut} act={() => toggle(key)} />
            )}
            {folder && (
              <>
                <span className="figures flex-none px-1.5">{count(holds ?? of.length)}</span>
                <button
                  type="button"
                  className="tap -my-2 size-8 min-h-0 min-w-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 phone:opacity-100"
                  aria-haspopup="dialog"
                  aria-label={say('Options for the folder {name}', { name })}
                  title={say('Rename or remove this folder')}
                  onClick={() => desk.set({ open: 'folder', name })}
                >
                  <Icon name="more" className="size-4" />
                </button>
              </>
            )}
          </h2>
          {!shut && <SessionRows sessions={of} current={current} entry={entry} go={go} />}
        </section>
      ))}
      {!read && lost && <KeptHereLater go={go} />}
      {read && list.length === 0 && (
        <p className="px-2.5 pt-4 text-[13.5px] text-faint">
          {only === null ? say('Your chats will be listed here.') : say('No chat belongs to it yet.')}
        </p>
      )}
      {next !== null && only === null && <More key={next} more={sessions.more} />}
    </div>
  )
}

/** The next page comes as its end comes near; by the keyboard it can be asked for. */
function More({ more }: { more: () => void }) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    const near = new IntersectionObserver(
      (seen) => {
        if (seen.some(({ isIntersecting }) => isIntersecting)) more()
      },
      { rootMargin: '600px' },
    )
    if (button.current !== null) near.observe(button.current)
    return () => near.disconnect()
  }, [more])
  return (
    <button ref={button} type="button" className="quiet mt-2 ml-1" onClick={more}>
      {say('Show more')}
    </button>
  )
}

function Fold({ name, open, act }: { name: string; open: boolean; act: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={act}
      className="flex min-h-6 min-w-0 flex-1 items-center gap-1 rounded-md px-2.5 text-left hover:text-ink phone:min-h-10"
    >
      <span className="min-w-0 truncate">{name}</span>
      <Icon name={open ? 'fold' : 'chevron'} className="size-3" />
    </button>
  )
}
