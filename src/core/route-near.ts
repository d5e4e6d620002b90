import type { AgentName } from '../wire/id.ts'
import type { Features, Read } from './route-features.ts'
import { fold, tokens } from './route-words.ts'

/** A person wanted this message answered by that agent. */
export type Correction = { text: string; agent: AgentName }

/** Texts that are less alike (cosine) have nothing to say of each other; from `SAME` on they are the same for all that matters here. */
const APART = 0.55
const SAME = 0.85

/** How much the corrections speak for each agent, from 0 to 1, by name; and the one that settles it, if the message is nearly the same. */
export type Near = { pull: ReadonlyMap<AgentName, number>; settled: AgentName | null }
export type Nearest = (found: Features) => Near

/** The newest first, one for each text: who is asked the same again and says otherwise means what was said last. */
export function standing(corrections: readonly Correction[]): Correction[] {
  const met = new Set<string>()
  return corrections.filter(({ text }) => {
    const key =
      fold(text)
        .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
        .trim() || text
    return !met.has(key) && met.add(key)
  })
}

/** Looks a message up among the corrections, which must be those that stand, the newest first. In force at once: nothing is trained. */
export function nearestOf(corrections: readonly Correction[], read: Read): Nearest {
  const places = new Map<number, { at: number; value: number }[]>()
  const length = corrections.map(({ text }, at) => {
    const { values, size } = unit(read(tokens(text)))
    for (const [hash, value] of values) {
      const others = places.get(hash)
      if (others === undefined) places.set(hash, [{ at, value }])
      else others.push({ at, value })
    }
    return size
  })
  return (found) => {
    const { values, size } = unit(found)
    const alike = new Float64Array(corrections.length)
    for (const [hash, value] of values)
      for (const other of places.get(hash) ?? []) alike[other.at] = alike[other.at]! + value * other.value
    const left = new Map<AgentName, number>()
    let settled: AgentName | null = null
    let most = SAME
    for (const [at, { agent }] of corrections.entries()) {
      const cosine = alike[at]! / Math.max(1e-9, size * length[at]!)
      if (cosine <= APART) continue
      // The first of equals is the newest.
      if (cosine > most || (settled === null && cosine >= SAME)) {
        settled = agent
        most = cosine + 1e-6
      }
      left.set(agent, (left.get(agent) ?? 1) * (1 - Math.min(0.98, (cosine - APART) / (SAME - APART))))
    }
    return { pull: new Map([...left].map(([agent, rest]) => [agent, 1 - rest])), settled }
  }
}

function unit({ hash, value }: Features): { values: ReadonlyMap<number, number>; size: number } {
  const values = new Map<number, number>()
  for (let n = 0; n < hash.length; n++) values.set(hash[n]!, (values.get(hash[n]!) ?? 0) + value[n]!)
  let square = 0
  for (const v of values.values()) square += v * v
  return { values, size: Math.sqrt(square) }
}
