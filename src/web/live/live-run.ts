import type { RunId } from '../../wire/id.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { runOf } from '../state/talk.ts'
import { useEffect, useReducer } from 'react'
import type { Cell } from './cell.ts'
import type { Place } from './conversation.ts'

type Live = { run: RunId; view: Cell<RunView> }

/** The first run on the screen that has not ended. */
export function liveIn(place: Place): Live | null {
  for (const turn of place.talk.turns) {
    const run = runOf(turn)
    const view = run === null ? undefined : place.views.get(run)
    if (run !== null && view !== undefined && isLive(view.get())) return { run, view }
  }
  return null
}

/** The same for a component: draws again when a run begins or ends, and not at every word. */
export function useLiveRun(place: Place): Live | null {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const live = liveIn(place)
  useEffect(
    () =>
      live?.view.on(() => {
        if (!isLive(live.view.get())) draw()
      }),
    [live?.view],
  )
  return live
}

/** The newest run whose log the page has. */
export function newestIn(place: Place): Live | null {
  for (const turn of place.talk.turns.toReversed()) {
    const run = runOf(turn)
    const view = run === null ? undefined : place.views.get(run)
    if (run !== null && view !== undefined) return { run, view }
  }
  return null
}
