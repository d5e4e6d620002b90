import type { Pull } from '../../wire/shelf.ts'
import { about, bytes, percent } from './wording.ts'

export const isUnderWay = ({ state }: Pull): boolean =>
  state === 'waiting' || state === 'pulling' || state === 'verifying'

const NEWS_MS = 3_600_000

/** The newest of each thing that was asked for; what is under way first, what came last, and that only while it is news. */
export function pullsToShow(pulls: readonly Pull[], now = Date.now()): Pull[] {
  const told = pulls.filter(({ state, created }) => state !== 'done' || now - Date.parse(created) < NEWS_MS)
  const newest = told.sort((a, b) => b.created.localeCompare(a.created))
  const shown = newest.filter((pull, i) => newest.findIndex(({ what }) => what === pull.what) === i)
  const place = (pull: Pull) => (isUnderWay(pull) ? 0 : pull.state === 'done' ? 2 : 1)
  return shown.sort((a, b) => place(a) - place(b))
}

export const shareOfPull = ({ done, total }: Pull): number | null =>
  total === null || total <= 0 ? null : Math.min(1, done / total)

/** What is true of a model on its way: how much, how fast, how long yet, from where. */
export function pullFigures(pull: Pull): string {
  const { state, done, total, bytesPerSecond, secondsLeft, source } = pull
  const amount = total === null ? `${bytes(done)} so far` : `${bytes(done)} of ${bytes(total)}`
  switch (state) {
    case 'waiting':
      return done > 0 ? `Waiting for its turn · ${amount} are here` : 'Waiting for its turn'
    case 'verifying':
      return `Checking that all ${bytes(total ?? done)} arrived whole`
    case 'pulling':
      return [
        amount,
        ...(bytesPerSecond === null ? [] : [`${bytes(bytesPerSecond)}/s`]),
        ...(secondsLeft === null ? [] : [`about ${about(secondsLeft * 1000)} left`]),
        ...(source === null ? [] : [`from ${source}`]),
      ].join(' · ')
    case 'done':
      return `Here, ${bytes(total ?? done)}`
    case 'failed':
      return done > 0 ? `Failed · ${amount} are kept` : 'Failed'
    case 'cancelled':
      return done > 0 ? `Stopped · ${amount} are kept` : 'Stopped'
  }
}

/** What a screen reader is told when a pull went from `before` to `now`: quarters and the end, or nothing. */
export function spokenPull(before: Pull | undefined, now: Pull): string | null {
  if (before === undefined) return null
  if (before.state !== now.state) {
    switch (now.state) {
      case 'done':
        return `${now.name} is here and can answer`
      case 'failed':
        return now.fault?.message ?? `${now.name} could not be got`
      case 'cancelled':
        return `Stopped getting ${now.name}`
      case 'verifying':
        return `Checking ${now.name}`
      case 'waiting':
      case 'pulling':
        return null
    }
  }
  const quarter = (pull: Pull) => Math.floor((shareOfPull(pull) ?? 0) * 4)
  if (now.state !== 'pulling' || quarter(now) <= quarter(before)) return null
  return `Getting ${now.name}, ${percent(quarter(now) / 4)}`
}
