import { useState } from 'react'
import type { SessionId } from '../../wire/id.ts'
import { useApp } from '../live/app.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { foldedSections } from '../live/folded.ts'
import { archivedOf, sections } from '../state/session-sections.ts'
import { Icon } from './icons.tsx'
import { moveByKey } from './row-focus.ts'
import { KeptHereLater } from './later.tsx'
import { SessionRow } from './session-row.tsx'
import { say } from '../words/say.ts'

const { folded: foldedCell, toggle } = foldedSections(localStorage)

/** The chats: one stop for the Tab key, arrows move within. */
export function SessionSections({
  current,
  go,
}: {
  current: SessionId | null
  go: (session: SessionId | null) => void
}) {
  const { sessions, reach } = useApp()
  const lost = useCell(reach.server).state === 'lost'
  const { sessions: list, next, read } = useCell(sessions.state)
  const folded = useCell(foldedCell)
  const [archive, setArchive] = useState(false)
  const all = sections(list, new Date(useDay())).map((section) => ({
    ...section,
    shut: section.key !== null && folded.has(section.key),
  }))
  const archived = archive ? [{ key: 'archive', name: say('Archive'), sessions: archivedOf(list), folder: false }] : []
  const shown = [...all.filter(({ shut }) => !shut), ...archived].flatMap((section) => section.sessions)
  const entry = shown.find(({ id }) => id === current)?.id ?? shown[0]?.id
  const rows = (of: readonly (typeof list)[number][]) => (
    <ul>
      {of.map((session) => (
        <SessionRow
          key={session.id}
          session={session}
          current={session.id === current}
          entry={session.id === entry}
          go={() => go(session.id)}
        />
      ))}
    </ul>
  )
  return (
    <div
      className="min-h-0 flex-1 overflow-y-auto px-3 pb-4"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reachable by keyboard
      tabIndex={0}
      role="region"
      aria-label={say('Your chats')}
      onKeyDown={(event) => {
        if (moveByKey(event.key)) event.preventDefault()
      }}
    >
      {all.map(({ key, name, sessions: of, folder, shut }) => (
        <section key={key ?? name} aria-label={folder ? say('Folder {name}', { name }) : name}>
          <h2 className="pt-4 pb-1 text-[12px] font-[540] text-faint">
            {key === null ? (
              <span className="px-2.5">{name}</span>
            ) : (
              <Fold
                name={name}
                open={!shut}
                act={() => {
                  if (shut && folder) sessions.moreOf({ folder: name })
                  toggle(key)
                }}
              />
            )}
          </h2>
          {!shut && rows(of)}
        </section>
      ))}
      {!read && lost && <KeptHereLater go={go} />}
      {read && list.length === 0 && (
        <p className="px-2.5 pt-4 text-[13.5px] text-faint">{say('Your chats will be listed here.')}</p>
      )}
      {next !== null && (
        <button type="button" className="quiet mt-2 ml-1" onClick={sessions.more}>
          {say('Show more')}
        </button>
      )}
      {read && (
        <section aria-label={say('Archive')}>
          <h2 className="pt-6 pb-1 text-[12px] font-[540] text-faint">
            <Fold
              name={say('Archive')}
              open={archive}
              act={() => {
                if (!archive) sessions.moreOf({ archived: true })
                setArchive(!archive)
              }}
            />
          </h2>
          {archived.map((section) =>
            section.sessions.length > 0 ? (
              <div key={section.key}>{rows(section.sessions)}</div>
            ) : (
              <p key={section.key} className="px-2.5 text-[13.5px] text-faint">
                {say('Nothing is archived.')}
              </p>
            ),
          )}
        </section>
      )}
    </div>
  )
}

function Fold({ name, open, act }: { name: string; open: boolean; act: () => void }) {
  return (
    <button
      type="button"
      aria-expanded={open}
      onClick={act}
      className="flex min-h-6 w-full items-center gap-1 rounded-md px-2.5 text-left hover:text-ink phone:min-h-10"
    >
      <span className="min-w-0 truncate">{name}</span>
      <Icon name={open ? 'fold' : 'chevron'} className="size-3" />
    </button>
  )
}
