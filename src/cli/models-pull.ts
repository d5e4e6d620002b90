import { setTimeout as pause } from 'node:timers/promises'
import type { Pull } from '../wire/shelf.ts'
import { Failed, withFix, type ExitCode } from './command.ts'
import type { ShelfAccess } from './shelf-access.ts'
import { amount, duration } from '../services/in-words.ts'
import { progressLine, say, sayJson } from './terminal.ts'

const EVERY_MS = 250

/** Gets a model and shows how far it is until it is there. Ctrl-C stops the showing, and loses nothing. */
export async function pullModel(access: ShelfAccess, what: string, json: boolean): Promise<ExitCode> {
  const leave = new AbortController()
  const left = () => leave.abort()
  process.once('SIGINT', left)
  process.once('SIGTERM', left)
  const line = progressLine()
  try {
    let pull = await access.pull(what)
    let noted = 0
    while (isOpen(pull) && !leave.signal.aborted) {
      if (!json) {
        const fresh = pull.notes.slice(noted)
        if (fresh.length > 0) line.clear()
        for (const note of fresh) say(`  ${note}`)
        noted = pull.notes.length
        line.show(`  ${pull.name}: ${pullLine(pull)}`)
      }
      await moment(leave.signal)
      pull = (await access.pulls()).find(({ id }) => id === pull.id) ?? pull
    }
    line.clear()
    if (json) sayJson(pull)
    else for (const note of pull.notes.slice(noted)) say(`  ${note}`)
    if (isOpen(pull)) {
      if (!json)
        say(
          access.server
            ? goesOn(pull)
            : `Stopped. What has arrived is kept: pkn models pull ${what} goes on from there.`,
        )
      return 1
    }
    if (pull.state === 'done') {
      if (!json)
        say(
          `${pull.name} is here${pull.total === null ? '' : ` (${amount(pull.total)})`}. \`pkn models use ${pull.name}\` lets it answer first.`,
        )
      return 0
    }
    if (json) return 1
    throw new Failed(
      pull.fault === null
        ? `${pull.name} was stopped; the same command goes on from what has arrived`
        : withFix(pull.fault),
    )
  } finally {
    line.clear()
    process.off('SIGINT', left)
    process.off('SIGTERM', left)
  }
}

const goesOn = ({ what, id }: Pull): string =>
  `PKN goes on getting it: pkn models pull ${what} shows it again, pkn models cancel ${id} stops it.`

const isOpen = ({ state }: Pull): boolean => state === 'waiting' || state === 'pulling' || state === 'verifying'

/** Bytes, speed and time left, as far as they are known. */
export function pullLine(pull: Pull): string {
  const { state, done, total, bytesPerSecond, secondsLeft, fault } = pull
  switch (state) {
    case 'waiting':
      return 'waiting'
    case 'verifying':
      return 'checking that it is whole'
    case 'done':
      return 'here'
    case 'failed':
      return fault?.message ?? 'failed'
    case 'cancelled':
    case 'pulling': {
      const of =
        total === null ? '' : ` of ${amount(total)} (${Math.min(100, Math.floor((done * 100) / Math.max(1, total)))} %)`
      if (state === 'cancelled') return `stopped at ${amount(done)}${of}`
      const speed = bytesPerSecond === null ? '' : `, ${amount(bytesPerSecond)}/s`
      return `${amount(done)}${of}${speed}${secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`}`
    }
  }
}

/** Nothing tells of a pull's progress but being asked. */
const moment = (signal: AbortSignal): Promise<void> => pause(EVERY_MS, undefined, { signal }).catch(() => undefined)
