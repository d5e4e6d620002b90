import { flushSync } from 'react-dom'
import type { MessageId, SessionId } from '../../wire/id.ts'
import { until } from '../find/until.ts'
import type { Conversation } from './conversation.ts'
import { showMessage } from './use-reel.ts'

/** What is read in a chat: a turn, and how far below the upper edge it begins. */
export type ReadingPlace = { turn: MessageId; down: number }

const NEAR_END = 40
/** Nobody waits for more pages than these to be read. */
const MOST_PAGES = 50
/** For as long as the tab is open: also after a reload. */
const KEY = 'pkn.reading'
const MOST_KEPT = 100
const left = keptPlaces()
const logNow = () => document.querySelector<HTMLElement>('[role=log]')

/** Null for who is at the end: he comes back to the end. */
function readingPlace(log: HTMLElement): ReadingPlace | null {
  if (log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR_END) return null
  const { top } = log.getBoundingClientRect()
  const rows = [...log.querySelectorAll<HTMLElement>('[data-turn]')]
  const row = rows.find((each) => each.getBoundingClientRect().bottom > top + 1)
  const turn = row?.dataset['turn']
  if (row === undefined || turn === undefined) return null
  return { turn: turn as MessageId, down: row.getBoundingClientRect().top - top }
}

/** Keeps beside the address what is read there, so that Back leads to it. */
export function keepReadingPlace(): void {
  const log = logNow()
  const reading = log === null ? null : readingPlace(log)
  if (reading !== null) history.replaceState({ ...history.state, reading }, '')
}

/** The chat is left; who comes back to it reads on there. */
export function leaveChat(session: SessionId | null, log: HTMLElement | null): void {
  if (session === null || log === null) return
  const place = readingPlace(log)
  if (place === null) left.delete(session)
  else left.set(session, place)
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...left].slice(-MOST_KEPT)))
  } catch {
    // Full or forbidden: a reload leads to the end.
  }
}
export const leftAt = (session: SessionId | null): ReadingPlace | null =>
  session === null ? null : (left.get(session) ?? null)
/** Something else is shown there next. */
export const comeToEnd = (session: SessionId): void => void left.delete(session)

/** What was read when this address was left, if anything: who opens the chat comes there. */
export function takeUp(session: SessionId): ReadingPlace | null {
  const state: unknown = history.state
  if (typeof state !== 'object' || state === null || !('reading' in state)) return null
  const reading = state.reading as ReadingPlace
  history.replaceState(null, '')
  left.set(session, reading)
  return reading
}

/** Goes back to what was read in the chat that is shown, however far above its end; a reader who moves meanwhile is let be. */
export async function backToReading(talk: Conversation, { turn, down }: ReadingPlace): Promise<void> {
  const { visit } = talk.place.get()
  const gone = new AbortController()
  const moved = () => gone.abort()
  try {
    await until(talk.place, (place) => !place.reading || place.visit !== visit, gone.signal)
    for (const event of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
      logNow()?.addEventListener(event, moved, { signal: gone.signal, passive: true })
    const there = () => talk.place.get().talk.turns.some(({ id }) => id === turn)
    for (let page = 0; !there() && page < MOST_PAGES; page++) {
      if (talk.place.get().visit !== visit || talk.place.get().talk.earlier === null) return
      await talk.earlier()
    }
    // What was read is drawn before anything of it can be shown.
    flushSync(() => {})
    const log = logNow()
    if (log === null || gone.signal.aborted || talk.place.get().visit !== visit) return
    const row = showMessage(turn)
    if (row !== null) log.scrollTop += row.getBoundingClientRect().top - log.getBoundingClientRect().top - down
  } finally {
    gone.abort()
  }
}

function keptPlaces(): Map<SessionId, ReadingPlace> {
  try {
    const read: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return new Map(Array.isArray(read) ? (read as [SessionId, ReadingPlace][]) : [])
  } catch {
    return new Map()
  }
}
