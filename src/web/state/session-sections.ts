import type { Session } from '../../wire/message.ts'
import { localeNow, say } from '../words/say.ts'
import { groupByDay } from './session-groups.ts'

/** `key` is what is remembered of a section that was folded; null where it can't be. */
export type Section = { key: string | null; name: string; sessions: readonly Session[]; folder: boolean }

/** The whole list from top to bottom: what is pinned, the folders by name, the rest by day. Each session stands in one place. */
export function sections(all: readonly Session[], now: Date): Section[] {
  const open = all.filter((session) => !session.archived)
  const pinned = open.filter((session) => session.pinned)
  const rest = open.filter((session) => !session.pinned)
  const folders = foldersOf(rest).map((name) => ({
    key: `folder ${name}`,
    name,
    sessions: rest.filter((session) => session.folder === name),
    folder: true,
  }))
  const days = groupByDay(
    rest.filter((session) => session.folder === null),
    now,
  ).map((group) => ({ ...group, key: null, folder: false }))
  const first = pinned.length === 0 ? [] : [{ key: 'pinned', name: say('Pinned'), sessions: pinned, folder: false }]
  return [...first, ...folders, ...days]
}

export const archivedOf = (all: readonly Session[]): Session[] => all.filter((session) => session.archived)

/** The folders that are known, in the order of their names. */
export function foldersOf(all: readonly Session[]): string[] {
  const names = all.flatMap(({ folder, archived }) => (folder === null || archived ? [] : [folder]))
  return [...new Set(names)].sort((a, b) => a.localeCompare(b, localeNow(), { numeric: true, sensitivity: 'base' }))
}
