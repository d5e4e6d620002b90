import type { Skipped } from '../core/ports.ts'
import { type Candidate, worthOf } from './rank.ts'
import { fulfils, type Wish } from './wish.ts'

/**
 * What would have come before `chosen` by preference and was passed over, each endpoint once for each of its preferences, and the wishes
 * before it that nothing fulfils, at the endpoint `-`. Places that were only looked at because such servers are often there don't count. Null
 * stands for nothing chosen.
 */
export function skippedFor(ranked: readonly Candidate[], wishes: readonly Wish[], chosen: Candidate | null): Skipped[] {
  const over = ranked.filter(
    (candidate) =>
      candidate.trouble !== null &&
      !isAbsent(candidate, wishes) &&
      (chosen === null ||
        (candidate.place < chosen.place && worthOf(candidate, wishes.length) > worthOf(chosen, wishes.length))),
  )
  const skipped = new Map<string, Skipped>()
  for (const { seat, model, tier, trouble } of over) {
    const broken = trouble !== seat.trouble
    const key = broken ? `${seat.info.name} ${tier} ${model?.name ?? ''}` : `${seat.info.name} ${tier}`
    if (skipped.has(key)) continue
    const why = trouble?.why ?? seat.info.state
    const name = broken || tier < wishes.length ? (model?.name ?? null) : null
    skipped.set(key, { endpoint: seat.info.name, model: name, why })
  }
  const before = chosen === null ? wishes : wishes.slice(0, chosen.tier)
  const unfulfilled = before.filter((wish) => !ranked.some(({ model }) => model !== null && fulfils(model, wish)))
  return [
    ...unfulfilled.map(({ text, needs }) => ({
      endpoint: '-',
      model: needs === null ? text : null,
      why: needs === null ? 'no endpoint has a model of that name' : `no model is known to have ${text}`,
    })),
    ...skipped.values(),
  ]
}

/** Nobody asked for what stands at a usual place and is not there. */
const isAbsent = ({ seat, tier }: Candidate, wishes: readonly Wish[]): boolean =>
  seat.origin !== 'configured' && seat.info.state === 'down' && tier === wishes.length
