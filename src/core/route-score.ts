import type { Features } from './route-features.ts'
import type { Learned } from './route-learn.ts'
import { rowOf } from './route-train.ts'
import type { Token } from './route-words.ts'

/** What a text of which nothing is known falls to, if there is such an agent. */
export const FALLBACK = 'general'
export const FALLBACK_LEAN = 2

/** The scores before they are made to sum to one, and the share of the words that training has seen. */
export function scoreOf(
  { hash, value }: Features,
  words: readonly Token[],
  { table, weights, agents, sharpness, wordKnown }: Learned,
) {
  const score = new Float64Array(agents)
  for (let n = 0; n < hash.length; n++) {
    const base = rowOf(table, hash[n]!) * agents
    for (let c = 0; c < agents; c++) score[c] = score[c]! + weights[base + c]! * value[n]!
  }
  for (let c = 0; c < agents; c++) score[c] = score[c]! * sharpness
  let known = 0
  for (const word of words) if (wordKnown(word.word)) known++
  return { score, known: words.length > 0 ? known / words.length : 0 }
}

/** The place of the highest, and of `preferred` where none is higher. */
export function bestOf(score: Float64Array, preferred: number): number {
  let best = Math.max(0, preferred)
  for (let i = 0; i < score.length; i++) if (score[i]! > score[best]! + 1e-9) best = i
  return best
}
