import type { Line } from '../../client/line.ts'
import type { Entry } from '../../wire/event.ts'
import type { FaultData } from '../../wire/fault.ts'
import { EMPTY, fold, type Draft } from '../../wire/fold.ts'
import type { RunId } from '../../wire/id.ts'
import { NO_PACE, paced, type Pace } from './pace.ts'
import { NO_STORY, told, type Story } from './story.ts'

/** A run's log, folded: what it says, how it came about, and how far it is. */
export type Heard = { draft: Draft; story: Story; pace: Pace }
export const NOTHING_HEARD: Heard = { draft: EMPTY, story: NO_STORY, pace: NO_PACE }

/** What the page knows of one run: its log, and how well the page hears it. */
export type RunView = Heard & {
  run: RunId
  /** The entries themselves. It grows in place; the view tells of the first `draft.at` of them. */
  log: Entry[]
  line: Line
  /** A stop was asked for; true until the log says how the run ended. */
  stopping: boolean
  /** When the run began, by this browser's clock. */
  began: number
  /** The server says that this run is not there (any more). */
  missing: FaultData | null
}

export const beginView = (run: RunId, began: number): RunView => ({
  ...NOTHING_HEARD,
  run,
  log: [],
  line: { state: 'open' },
  stopping: false,
  began,
  missing: null,
})

export const isLive = (view: RunView): boolean => view.draft.end === null && view.missing === null

/** Pure. An entry that was heard before changes nothing. */
export function hear(heard: Heard, entry: Entry): Heard {
  if (entry.at <= heard.draft.at) return heard
  // A server that is newer than this page may write events that the page doesn't know; it goes on behind them.
  const next: Draft | undefined = fold(heard.draft, entry)
  const draft = next ?? { ...heard.draft, at: entry.at, t: entry.t }
  const story: Story | undefined = told(heard.story, entry)
  return { draft, story: story ?? heard.story, pace: paced(heard.pace, draft) }
}
