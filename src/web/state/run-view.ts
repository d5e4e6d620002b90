import type { Line } from '../../client/follow.ts'
import type { FaultData } from '../../wire/fault.ts'
import { EMPTY, type Draft } from '../../wire/fold.ts'
import type { RunId } from '../../wire/id.ts'

/** What the page knows of one run: its log, folded, and how well the page hears it. */
export type RunView = {
  run: RunId
  draft: Draft
  line: Line
  /** A stop was asked for; true until the log says how the run ended. */
  stopping: boolean
  /** When the run began, by this browser's clock. */
  began: number
  /** The server says that this run is not there (any more). */
  missing: FaultData | null
}

export const beginView = (run: RunId, began: number): RunView => ({
  run,
  draft: EMPTY,
  line: { state: 'open' },
  stopping: false,
  began,
  missing: null,
})

export const isLive = (view: RunView): boolean => view.draft.end === null && view.missing === null
