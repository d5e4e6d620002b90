import type { Wanted } from '../core/ports.ts'
import { type Candidate, type Seat, worthOf } from './rank.ts'
import { bareName } from './wish.ts'

/** Whoever is first may be let in alone, to try whether it answers again. */
type Sharing = Seat & { readonly halfOpen: boolean }

/**
 * The best of those that can be asked, and with it all others that serve the same model and are wished for as much: the least taken first, then
 * what is in the house. Words that may stay in the house are not shared with what is out of it.
 */
export function shared<S extends Sharing>(
  best: Candidate<S>,
  others: readonly Candidate<S>[],
  { load, backend }: Pick<Wanted, 'load' | 'backend'>,
  wishes: number,
): [Candidate<S>, ...Candidate<S>[]] {
  if (best.model === null || worthOf(best, wishes) === 3) return [best]
  const name = bareName(best.model.name).toLowerCase()
  const isReady = ({ seat }: Candidate<S>) => seat.info.state === 'up' || seat.info.state === 'busy'
  const seats = new Set<S>([best.seat])
  const group = [best]
  for (const other of others) {
    const { seat, model, tier } = other
    if (seats.has(seat) || model === null || bareName(model.name).toLowerCase() !== name) continue
    if (tier !== best.tier || worthOf(other, wishes) !== worthOf(best, wishes)) continue
    if (!isReady(other) || !isReady(best) || (backend === 'local' && seat.info.local !== best.seat.info.local)) continue
    seats.add(seat)
    group.push(other)
  }
  // Where others have all slots, one more waits for them.
  const taken = ({ seat: { info } }: Candidate<S>) => load(info.name) / info.slots + (info.state === 'busy' ? 1 : 0)
  const away = ({ seat }: Candidate<S>) => (seat.info.local ? 0 : 1)
  group.sort((a, b) => taken(a) - taken(b) || away(a) - away(b) || a.place - b.place)
  const [first = best, ...rest] = group
  return first.seat.halfOpen ? [first] : [first, ...rest.filter(({ seat }) => !seat.halfOpen)]
}
