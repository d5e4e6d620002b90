import type { SessionId } from '../wire/id.ts'
import type { Priority } from '../wire/message.ts'
import { restMs } from './expect.ts'

/** An endpoint that would do, with the slots that it is known to have now. */
export type Place = { endpoint: string; slots: number }
/** `place` 1 is next. `etaMs` until its turn comes, as it is estimated; null if nothing is known to estimate by. */
export type Standing = { place: number; of: number; etaMs: number | null }
/** One that waits: where it may be served, best first, and since when it waits. */
export type Waiting = {
  session: SessionId
  priority: Priority
  since: number
  places: readonly Place[]
  expectMs: (endpoint: string) => number | null
}
export type Working = { since: number; expectMs: (endpoint: string) => number | null }

/** So that nobody starves: a background run that has waited so long counts as interactive, and each time so long takes back a turn that was had. */
export const PATIENCE = 5 * 60_000

/**
 * Who comes before whom: interactive before background; then fair between sessions, as start-time fair queueing has it where each turn costs
 * the same: whoever had its turn in this round comes after those who had not, and the second turn that a session asks for after the first
 * ones of others; then by arrival, which is the order that they are given in. `had`: who had its turn at an endpoint in this round.
 */
export function inOrder<W extends Waiting>(
  arrived: readonly W[],
  had: (endpoint: string, session: SessionId) => boolean,
  now: number,
): W[] {
  const asked = new Map<string, number>()
  const ranked = arrived.map((waiter) => {
    const patience = Math.floor((now - waiter.since) / PATIENCE)
    const late = waiter.priority === 'background' && patience < 1
    const key = `${waiter.session} ${late}`
    const before = asked.get(key) ?? 0
    asked.set(key, before + 1)
    const again = waiter.places.length > 0 && waiter.places.every(({ endpoint }) => had(endpoint, waiter.session))
    return { waiter, late: late ? 1 : 0, start: Math.max(0, before + (again ? 1 : 0) - patience) }
  })
  return ranked.sort((a, b) => a.late - b.late || a.start - b.start).map(({ waiter }) => waiter)
}

/**
 * The standing of each, in the order given, among those who could take a slot from it or lose one to it. The estimate lets the slots free
 * themselves, one after the other, as those at work are expected to end, and each who waits take the first that it may.
 */
export function standings(
  order: readonly Waiting[],
  working: (endpoint: string) => Iterable<Working>,
  now: number,
): Standing[] {
  const groups = new Map<string, { ends: ReadonlySet<string>; of: number; passed: number; rivals: string[] }>()
  const keys = order.map(({ places }) => {
    const key = places.map((p) => p.endpoint).join('\n')
    const group = groups.get(key)
    if (group) group.of++
    else groups.set(key, { ends: new Set(places.map((p) => p.endpoint)), of: 1, passed: 0, rivals: [] })
    return key
  })
  for (const [key, group] of groups)
    for (const [other, { ends }] of groups)
      if (other === key || !group.ends.isDisjointFrom(ends)) group.rivals.push(other)

  const free = new Map<string, number[]>()
  const slotsOf = ({ endpoint, slots }: Place): number[] => {
    const known = free.get(endpoint)
    if (known) return known
    const rests = Array.from(working(endpoint), ({ since, expectMs }) => {
      const expected = expectMs(endpoint)
      return expected === null ? Infinity : restMs(expected, now - since)
    }).sort((a, b) => a - b)
    const most = Math.max(slots, 1)
    while (rests.length < most) rests.unshift(0)
    // More at work than slots: as many must leave before one is free.
    const made = rests.slice(rests.length - most)
    free.set(endpoint, made)
    return made
  }

  return order.map((waiter, i) => {
    const group = groups.get(keys[i]!)!
    const sum = (of: 'of' | 'passed') => group.rivals.reduce((n, key) => n + groups.get(key)![of], 0)
    const standing = { place: sum('passed') + 1, of: sum('of') }
    group.passed++
    let best: { slots: number[]; nth: number; endpoint: string } | null = null
    for (const place of waiter.places) {
      const slots = slotsOf(place)
      const nth = slots.indexOf(Math.min(...slots))
      if (best === null || slots[nth]! < best.slots[best.nth]!) best = { slots, nth, endpoint: place.endpoint }
    }
    if (best === null) return { ...standing, etaMs: null }
    const at = best.slots[best.nth]!
    best.slots[best.nth] = at + (waiter.expectMs(best.endpoint) ?? Infinity)
    return { ...standing, etaMs: Number.isFinite(at) ? Math.round(at) : null }
  })
}
