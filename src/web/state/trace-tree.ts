import type { TraceRow } from './trace-rows.ts'

/** A row as a tree shows it: how it is now, what the whole log says of it, and its place. */
export type Line = {
  id: string
  /** By the whole log. */
  row: TraceRow
  /** At the moment that is looked at; null where it has not begun by then. */
  now: TraceRow | null
  level: number
  /** Null where there is nothing to open. */
  open: boolean | null
  place: number
  of: number
}
export type Known = { row: TraceRow; now: TraceRow | null }

/** What is seen of the rows, which come with those inside of them right behind. A run of its own is closed until it is opened. */
export function treeOf(known: readonly Known[], chosen: ReadonlyMap<string, boolean>): Line[] {
  const lines: Line[] = []
  const counts = new Map<string, number>()
  /** The rows that the next one may be in, outermost first. */
  const path: { id: string; level: number; open: boolean }[] = []
  for (const [i, { row, now }] of known.entries()) {
    while ((path.at(-1)?.level ?? 0) >= row.level) path.pop()
    const hidden = path.some(({ open }) => !open)
    const within = path.at(-1)?.id ?? ''
    const full = (known[i + 1]?.row.level ?? 0) > row.level || row.run !== null
    const open = chosen.get(row.id) ?? row.run === null
    path.push({ id: row.id, level: row.level, open: !full || open })
    const place = (counts.get(within) ?? 0) + 1
    counts.set(within, place)
    if (!hidden) lines.push({ id: row.id, row, now, level: row.level, open: full ? open : null, place, of: 0 })
  }
  // How many there are is known only now; each line knows its parent by the path that the levels spell.
  const parents: string[] = []
  return lines.map((line) => {
    parents.length = line.level - 1
    const of = counts.get(parents.findLast((id) => id !== undefined) ?? '') ?? 1
    parents[line.level - 1] = line.id
    return { ...line, of }
  })
}

/** The same line where nothing of it has changed, so that nothing is drawn again for it. */
export function keepSame(before: ReadonlyMap<string, Line>, lines: readonly Line[]): Line[] {
  return lines.map((line) => {
    const old = before.get(line.id)
    if (old === undefined) return line
    const row = same(old.row, line.row) ? old.row : line.row
    const now = old.now !== null && line.now !== null && same(old.now, line.now) ? old.now : line.now
    const next = { ...line, row, now: line.now === line.row ? row : now }
    return same(old, next) ? old : next
  })
}

const same = <T extends object>(a: T, b: T): boolean =>
  (Object.keys(a) as (keyof T)[]).every((key) => Object.is(a[key], b[key]))

export type Step = { kind: 'go'; id: string } | { kind: 'open' | 'close'; id: string } | null

/** What an arrow does in a tree: to the next row, into what is open, out to what it is in; opens and closes. */
export function arrow(lines: readonly Line[], id: string, key: string): Step {
  const at = lines.findIndex((line) => line.id === id)
  const line = lines[at]
  if (line === undefined) return null
  const go = (to: Line | undefined): Step => (to === undefined ? null : { kind: 'go', id: to.id })
  switch (key) {
    case 'ArrowDown':
      return go(lines[at + 1])
    case 'ArrowUp':
      return go(lines[at - 1])
    case 'Home':
      return go(lines[0])
    case 'End':
      return go(lines.at(-1))
    case 'ArrowRight':
      if (line.open === false) return { kind: 'open', id }
      return line.open === true && (lines[at + 1]?.level ?? 0) > line.level ? go(lines[at + 1]) : null
    case 'ArrowLeft':
      if (line.open === true) return { kind: 'close', id }
      return go(lines.slice(0, at).findLast(({ level }) => level < line.level))
    default:
      return null
  }
}
