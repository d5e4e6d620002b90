import type { MessageId } from '../../wire/id.ts'
import type { App } from '../live/app.ts'
import { showMessage } from '../live/use-reel.ts'
import { until } from './until.ts'

/** What was read when the reader went elsewhere: a turn, and how far below the upper edge it began. */
type ReadingPlace = { turn: MessageId; down: number }

const NEAR_END = 40
const logNow = () => document.querySelector<HTMLElement>('[role=log]')

/** Keeps beside the address what is read there, so that Back leads to it. Who is at the end comes back to the end. */
export function keepReadingPlace(): void {
  const log = logNow()
  if (log === null || log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR_END) return
  const { top } = log.getBoundingClientRect()
  const rows = [...log.querySelectorAll<HTMLElement>('[data-turn]')]
  const row = rows.find((each) => each.getBoundingClientRect().bottom > top + 1)
  const turn = row?.dataset['turn']
  if (row === undefined || turn === undefined) return
  history.replaceState({ ...history.state, reading: { turn, down: row.getBoundingClientRect().top - top } }, '')
}

/** Goes back to what was read when this address was left. */
export async function backToReading({ talk }: App): Promise<void> {
  const { reading } = history.state as { reading: ReadingPlace }
  history.replaceState(null, '')
  const { visit } = talk.place.get()
  await until(talk.place, (place) => !place.reading || place.visit !== visit, new AbortController().signal)
  const log = logNow()
  if (log === null || talk.place.get().visit !== visit) return
  log.dispatchEvent(new Event('letgo'))
  const row = showMessage(reading.turn)
  if (row !== null) log.scrollTop += row.getBoundingClientRect().top - log.getBoundingClientRect().top - reading.down
}
