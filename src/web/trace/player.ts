import type { RunId, SessionId } from '../../wire/id.ts'
import { leaveMoment, nameMoment } from '../live/address.ts'
import type { App } from '../live/app.ts'
import { cell, type Cell } from '../live/cell.ts'
import { isLive } from '../state/run-view.ts'
import type { Stage } from './stage.ts'

export const SPEEDS = [1, 2, 4, 8, 16] as const
export type Player = {
  playing: Cell<boolean>
  speed: Cell<number>
  play: () => void
  pause: () => void
  /** Goes to a moment; null follows the end. */
  seek: (at: number | null) => void
  /** The moment is the one that was meant: the address names it from now on. */
  settle: () => void
  /** Stops without a word: nobody looks any more. */
  rest: () => void
}

/** Plays a run's log in its own time, or up to sixteen times as fast. Nothing is run again by that. */
export function playerOf(stage: Stage, run: RunId, { moment, talk }: Pick<App, 'moment' | 'talk'>): Player {
  const playing = cell(false)
  const speed = cell(1)
  let frame = 0
  const chat = (): SessionId | null => talk.place.get().session
  const seek = (at: number | null) => {
    moment.set(at === null ? null : { run, at: Math.round(Math.max(0, Math.min(at, stage.length()))) })
  }
  const settle = () => {
    const now = moment.get()
    if (now === null) leaveMoment(chat())
    else nameMoment(now.run, now.at)
  }
  const rest = () => {
    cancelAnimationFrame(frame)
    playing.set(false)
  }
  const pause = () => {
    rest()
    settle()
  }
  const play = () => {
    let last = performance.now()
    let at = moment.get()?.at ?? stage.length()
    if (at >= stage.length()) at = isLive(stage.view.get()) ? at : 0
    seek(at)
    playing.set(true)
    const step = (now: number) => {
      at += (now - last) * speed.get()
      last = now
      if (at >= stage.length()) {
        seek(null)
        return pause()
      }
      seek(at)
      frame = requestAnimationFrame(step)
    }
    frame = requestAnimationFrame(step)
  }
  return { playing, speed, play, pause, seek, settle, rest }
}
