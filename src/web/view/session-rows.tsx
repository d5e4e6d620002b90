import { memo } from 'react'
import type { SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { SessionRow } from './session-row.tsx'

/** So many rows are drawn, or left out, together. */
const BATCH = 40
/** How high a row is by its styles: on a narrow screen, under a finger, and else. */
const rowRem = (): number =>
  matchMedia('(width < 760px)').matches ? 2.75 : matchMedia('(pointer: coarse)').matches ? 2.5 : 2.25

type Props = {
  sessions: readonly Session[]
  current: SessionId | null
  /** Where the Tab key comes in. */
  entry: SessionId | undefined
  go: (session: SessionId) => void
}

/** The rows of a section; those far from what is seen cost nothing. */
export function SessionRows(props: Props) {
  const batches = Array.from({ length: Math.ceil(props.sessions.length / BATCH) }, (_, i) =>
    props.sessions.slice(i * BATCH, (i + 1) * BATCH),
  )
  return (
    <ul>
      {batches.map((sessions, i) => (
        <Batch key={i} {...props} sessions={sessions} last={i === batches.length - 1} />
      ))}
    </ul>
  )
}

const Batch = memo(
  function Batch({ sessions, current, entry, go, last }: Props & { last: boolean }) {
    const row = rowRem()
    const rows = sessions.map((session) => (
      <SessionRow
        key={session.id}
        session={session}
        current={session.id === current}
        entry={session.id === entry}
        go={() => go(session.id)}
      />
    ))
    if (last) return rows
    return (
      <li
        className="-mx-1 px-1"
        style={{ contentVisibility: 'auto', containIntrinsicSize: `auto ${sessions.length * row}rem` }}
      >
        <ul>{rows}</ul>
      </li>
    )
  },
  (a, b) =>
    a.last === b.last &&
    a.sessions.length === b.sessions.length &&
    a.sessions.every((session, i) => session === b.sessions[i]) &&
    touched(a) === touched(b),
)

/** Of what is one in the whole list, what is in this batch. */
const touched = ({ sessions, current, entry }: Props): string =>
  sessions
    .flatMap(({ id }) => (id === current || id === entry ? [`${id} ${id === current} ${id === entry}`] : []))
    .join()
