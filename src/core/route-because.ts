import type { RouteDecision } from '../wire/event.ts'
import type { Features } from './route-features.ts'
import type { Learned } from './route-learn.ts'
import { rowOf } from './route-train.ts'
import type { Token } from './route-words.ts'

/** How many reasons are shown. */
const MOST = 5

/** The words and phrases that spoke most for one agent over the others, the strongest first. Their pieces count towards the words. */
export function because(
  words: readonly Token[],
  { hash, value, from, to }: Features,
  { table, weights, agents, sharpness }: Learned,
  chosen: number,
): RouteDecision['because'] {
  const gain = new Float64Array(words.length)
  for (let n = 0; n < hash.length; n++) {
    const base = rowOf(table, hash[n]!) * agents
    let all = 0
    for (let c = 0; c < agents; c++) all += weights[base + c]!
    const first = from[n]!
    const last = to[n]!
    // What was read from two words far apart belongs to these two, not to what stands between them.
    const ends = first === last ? [first] : first < last ? [first, last] : []
    const each = ((weights[base + chosen]! - all / agents) * value[n]! * sharpness) / Math.max(1, ends.length)
    for (const i of ends) gain[i] = gain[i]! + each
  }
  const threshold = 0.12 * Math.max(...gain, 0)
  const reasons: RouteDecision['because'] = []
  for (let i = 0; i < words.length; i++) {
    if (gain[i]! <= threshold) continue
    const begin = i
    let weight = gain[i]!
    while (i + 1 < words.length && i - begin < 3 && gain[i + 1]! > threshold) weight += gain[++i]!
    reasons.push({
      feature: words
        .slice(begin, i + 1)
        .map(({ shown }) => shown)
        .filter((shown, n, list) => shown !== list[n - 1])
        .join(' ')
        .slice(0, 60),
      weight: Math.round(weight * 100) / 100,
    })
  }
  return reasons
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST)
}
