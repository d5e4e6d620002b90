import { useEffect, useMemo, useSyncExternalStore } from 'react'
import { useApp } from '../live/app.ts'
import { cell, useCell, type Cell } from '../live/cell.ts'
import type { RunView } from '../state/run-view.ts'
import { runOf } from '../state/talk.ts'
import type { RunId } from '../../wire/id.ts'
import { playerOf, type Player } from './player.ts'
import { Stage } from './stage.ts'

/** The run that the trace shows: the one that was asked for, else the newest on the screen. */
export function useTraced(): Cell<RunView> | null {
  const { panels, talk, readLog } = useApp()
  const { traced } = useCell(panels)
  const place = useCell(talk.place)
  const run = traced ?? place.talk.turns.map(runOf).findLast((id) => id !== null) ?? null
  const there = run === null ? undefined : place.views.get(run)
  const elsewhere = there === undefined
  const read = useMemo(() => {
    const leave = new AbortController()
    const view = cell<Cell<RunView> | null>(null)
    const begin = () => {
      if (run !== null && elsewhere) view.set(readLog(run, leave.signal))
    }
    return { view, begin, leave }
  }, [run, elsewhere, readLog])
  useEffect(() => {
    read.begin()
    return () => read.leave.abort()
  }, [read])
  const own = useCell(read.view)
  return there ?? own
}

export type Shown = { stage: Stage; player: Player; run: RunId }

/** The run on its stage, at the moment that is looked at. */
export function useStage(view: Cell<RunView>): Shown {
  const app = useApp()
  const { moment } = app
  const shown = useMemo(() => {
    const { run } = view.get()
    const at = cell<number | null>(null)
    const stage = new Stage(view, app.readLog, at)
    return { stage, player: playerOf(stage, run, app), run, at }
  }, [view, app])
  useEffect(() => {
    const tell = () => {
      const now = moment.get()
      shown.at.set(now?.run === shown.run ? now.at : null)
    }
    tell()
    const off = [moment.on(tell), shown.stage.attach()]
    return () => {
      shown.player.rest()
      for (const call of off) call()
    }
  }, [shown, moment])
  return shown
}

/** Milliseconds into the run that are shown: draws again as time goes on, and only while it does. */
export const useHead = (stage: Stage): number => useSyncExternalStore(stage.onTime, stage.head)
export const useLength = (stage: Stage): number => useSyncExternalStore(stage.onTime, stage.length)
