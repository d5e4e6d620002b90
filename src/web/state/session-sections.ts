import type { Session } from '../../wire/message.ts'
import { localeNow, say } from '../words/say.ts'
import { groupByDay } from './session-groups.ts'

/** `key` is what is remembered of a section that was folded; null where it can't be. */
export type Section = {
  key: string | null
  name: string
  sessions: readonly Session[]
  folder: boolean
  /** How many it holds, where that may be more than are known. */
  holds?: number
}

/** The whole list from top to bottom: what is pinned, the folders by name, the rest by day. Each session stands in one place. */
export function sections(
  all: readonly Session[],
  now: Date,
  counted: readonly { name: string; sessions: number }[] = [],
): Section[] {
  const open = all.filter((session) => !session.archived)
  const pinned = open.filter((session) => session.pinned)
  const rest = open.filter((session) => !session.pinned)
  const within = new Map<string | null, Session[]>()
  for (const session of rest) {
    const there = within.get(session.folder)
    if (there === undefined) within.set(session.folder, [session])
    else there.push(session)
  }
  const folders = foldersOf(rest, counted).flatMap((name) => {
    const sessions = within.get(name) ?? []
    // Those that are pinned stand above.
    const above = pinned.filter(({ folder }) => folder === name).length
    const holds = Math.max(sessions.length, (counted.find((one) => one.name === name)?.sessions ?? 0) - above)
    return holds === 0 ? [] : [{ key: `folder ${name}`, name, sessions, folder: true, holds }]
  })
  const days = groupByDay(within.get(null) ?? [], now).map((group) => ({ ...group, key: null, folder: false }))
  const first = pinned.length === 0 ? [] : [{ key: 'pinned', name: say('Pinned'), sessions: pinned, folder: false }]
  return [...first, ...folders, ...days]
}

/** The folders that are known, in the order of their names. */
export function foldersOf(all: readonly Session[], counted: readonly { name: string }[] = []): string[] {
  const names = all.flatMap(({ folder, archived }) => (folder === null || archived ? [] : [folder]))
  return [...new Set([...names, ...counted.map(({ name }) => name)])].sort((a, b) =>
    a.localeCompare(b, localeNow(), { numeric: true, sensitivity: 'base' }),
  )
}
