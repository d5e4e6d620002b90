import type { SessionId } from '../../wire/id.ts'
import type { Session } from '../../wire/message.ts'
import { localeNow, say } from '../words/say.ts'

/** A session has no title until something was said in it. */
export const titleOf = (session: Session): string => session.title || say('New chat')

export type SessionGroup = { name: string; sessions: readonly Session[] }

/** Times are written in one way, so that they can be compared as they stand. */
const newestFirst = (a: Session, b: Session): number => (a.updated < b.updated ? 1 : a.updated > b.updated ? -1 : 0)

/** The list as a person looks for things in it: by the day of last use, the newest first. Days are those of the local clock. */
export function groupByDay(sessions: readonly Session[], now: Date): SessionGroup[] {
  const groups = new Map<string, Session[]>()
  // A name takes long to make, and a month of chats has one.
  const months = new Map<string, string>()
  for (const session of [...sessions].sort((a, b) => newestFirst(a, b))) {
    const day = new Date(session.updated)
    const month = `${day.getFullYear()} ${day.getMonth()}`
    const old = now.getTime() - day.getTime() > 40 * 86_400_000
    const name = (old ? months.get(month) : undefined) ?? dayName(day, now)
    if (old) months.set(month, name)
    const group = groups.get(name)
    if (group === undefined) groups.set(name, [session])
    else group.push(session)
  }
  return [...groups].map(([name, sessions]) => ({ name, sessions }))
}

function dayName(day: Date, now: Date): string {
  const days = Math.round((midnight(now) - midnight(day)) / 86_400_000)
  if (days <= 0) return say('Today')
  if (days === 1) return say('Yesterday')
  if (days < 7) return say('This week')
  if (days < 31) return say('This month')
  return day.toLocaleDateString(localeNow(), { month: 'long', year: 'numeric' })
}

const midnight = (date: Date): number => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime()

/** What the server says of these sessions replaces what was known; the rest stays. */
export function mergeSessions(known: readonly Session[], news: readonly Session[]): Session[] {
  const fresh = new Set(news.map((session) => session.id))
  return [...news, ...known.filter((session) => !fresh.has(session.id))].sort((a, b) => newestFirst(a, b))
}

/** Which of the known sessions are there no more, after the newest page was read again. Of those that are older than the page nothing is known. */
export function readAgain(known: readonly Session[], page: readonly Session[], more: boolean): Set<SessionId> {
  const there = new Set(page.map((session) => session.id))
  const oldest = page.at(-1)?.updated ?? ''
  const missing = known.filter((session) => !there.has(session.id) && (!more || session.updated > oldest))
  return new Set(missing.map((session) => session.id))
}
