import type { Pull } from '../../wire/shelf.ts'
import { say } from '../words/say.ts'
import { faultText } from '../words/titles.ts'
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
  const amount =
    total === null
      ? say('{size} so far', { size: bytes(done) })
      : say('{done} of {total}', { done: bytes(done), total: bytes(total) })
  switch (state) {
    case 'waiting':
      return done > 0 ? say('Waiting for its turn · {amount} are here', { amount }) : say('Waiting for its turn')
    case 'verifying':
      return say('Checking that all {size} arrived whole', { size: bytes(total ?? done) })
    case 'pulling':
      return [
        amount,
        ...(bytesPerSecond === null ? [] : [`${bytes(bytesPerSecond)}/s`]),
        ...(secondsLeft === null ? [] : [say('about {time} left', { time: about(secondsLeft * 1000) })]),
        ...(source === null ? [] : [say('from {source}', { source })]),
      ].join(' · ')
    case 'done':
      return say('Here, {size}', { size: bytes(total ?? done) })
    case 'failed':
      return done > 0 ? say('Failed · {amount} are kept', { amount }) : say('Failed')
    case 'cancelled':
      return done > 0 ? say('Stopped · {amount} are kept', { amount }) : say('Stopped')
  }
}

/** What a screen reader is told when a pull went from `before` to `now`: quarters and the end, or nothing. */
export function spokenPull(before: Pull | undefined, now: Pull): string | null {
  if (before === undefined) return null
  if (before.state !== now.state) {
    switch (now.state) {
      case 'done':
        return say('{model} is here and can answer', { model: now.name })
      case 'failed':
        return now.fault === null ? say('{model} could not be got', { model: now.name }) : faultText(now.fault)
      case 'cancelled':
        return say('Stopped getting {model}', { model: now.name })
      case 'verifying':
        return say('Checking {model}', { model: now.name })
      case 'waiting':
      case 'pulling':
        return null
    }
  }
  const quarter = (pull: Pull) => Math.floor((shareOfPull(pull) ?? 0) * 4)
  if (now.state !== 'pulling' || quarter(now) <= quarter(before)) return null
  return say('Getting {model}, {share}', { model: now.name, share: percent(quarter(now) / 4) })
}

/** When a message that waits for a model will run. */
export function heldWords(pull: Pull | null): string {
  if (pull === null) return say('Runs as soon as a model is here')
  if (!isUnderWay(pull)) return say('Runs when the download is done; it has stopped')
  const { secondsLeft } = pull
  if (pull.state !== 'pulling' || secondsLeft === null) return say('Runs when the download is done')
  return say('Runs when the download is done ({time})', {
    time: say('about {time}', { time: about(secondsLeft * 1000) }),
  })
}
