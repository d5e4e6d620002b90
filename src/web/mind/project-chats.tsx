import { useEffect, useState } from 'react'
import type { ProjectId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { useApp } from '../live/app.ts'
import { asked } from '../live/asked.ts'
import { useCell } from '../live/cell.ts'
import { useDay } from '../live/clock.ts'
import { own } from '../live/own.ts'
import { clock } from '../state/wording.ts'
import { titleOf } from '../state/session-groups.ts'
import { More } from '../view/more.tsx'
import { say } from '../words/say.ts'

const PAGE = 40
type Listed = { rows: readonly Session[]; next: string | null; reading: boolean }

/** The chats of a project, the one used last first. */
export function ProjectChats({ project }: { project: ProjectId }) {
  const { client, reach, sessions } = useApp()
  const shared = useCell(sessions.state).sessions
  const [{ rows, next, reading }, set] = useState<Listed>({ rows: [], next: null, reading: true })
  const read = async (before: string | null, signal?: AbortSignal) => {
    const query = { project, show: 'all', limit: PAGE, ...(before === null ? {} : { before }) } as const
    const answer = await asked({ reach }, () => client.call('sessionsList', { query }))
    if (signal?.aborted === true) return
    const page = answer.ok ? answer.value : { sessions: [], next: null }
    set((was) => ({
      rows: before === null ? page.sessions : [...was.rows, ...page.sessions],
      next: page.next,
      reading: false,
    }))
  }
  useEffect(() => {
    const leave = new AbortController()
    own(read(null, leave.signal))
    return () => leave.abort()
    // oxlint-disable-next-line react/exhaustive-deps -- `read` is made anew each time
  }, [client, reach, project])
  const known = new Map(shared.map((session) => [session.id, session]))
  const all = rows.map((row) => known.get(row.id) ?? row).filter((session) => session.project === project)
  const now = new Date(useDay())
  if (all.length === 0)
    return (
      <p className="text-[14px] text-soft" aria-busy={reading}>
        {reading ? say('Looking…') : say('No chat belongs to it yet.')}
      </p>
    )
  return (
    <>
      <ul className="divide-y divide-line" aria-label={say('Chats of this project')} aria-busy={reading}>
        {all.map((session) => (
          <li key={session.id}>
            <a
              href={`#s=${session.id}`}
              className="flex min-h-11 items-center gap-3 rounded-lg px-2 text-[14.5px] hover:bg-hover"
            >
              <span className="min-w-0 flex-1 truncate">{titleOf(session)}</span>
              <span className="figures flex-none text-[12.5px] text-faint">
                {session.archived ? say('Archive') : clock(session.updated, now)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      {next !== null && (
        <More
          key={next}
          reading={reading}
          more={() => {
            if (reading) return
            set((was) => ({ ...was, reading: true }))
            own(read(next))
          }}
        />
      )}
    </>
  )
}
