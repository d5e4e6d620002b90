import type { PageOf } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'

// A cursor is the place of the page's last row in an order that never changes, so rows that come in between move nothing.

export function fromCursor(before: string | undefined): number {
  if (before === undefined) return Number.MAX_SAFE_INTEGER
  if (!/^\d{1,15}$/.test(before)) throw badCursor()
  return Number(before)
}

export const badCursor = () => new Fault('request.invalid', { what: '"before" is not a cursor of this list' })

/** `rows` holds one more than `limit` if there are more. */
export function pageFrom<Row, T>(
  rows: readonly Row[],
  limit: number,
  place: (row: Row) => number,
  shape: (row: Row) => T,
): PageOf<T> {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { rows: kept.map(shape), next: rows.length > limit && last !== undefined ? String(place(last)) : null }
}

/** A cursor that counts what was shown: what is best has no other place. */
export function offsetFrom(before: string | undefined): number {
  if (before === undefined) return 0
  if (!/^\d{1,6}$/.test(before)) throw badCursor()
  return Number(before)
}
