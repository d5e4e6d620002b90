import type { AgentName } from '../wire/id.ts'
import type { Agent } from './ports.ts'
import type { Features } from './route-features.ts'
import type { Learned } from './route-learn.ts'
import type { Correction } from './route-near.ts'
import { leaning } from './route-recent.ts'
import { bestOf, FALLBACK, FALLBACK_LEAN, scoreOf } from './route-score.ts'
import { makeRows, rowOf, train, type Plan, type Table } from './route-train.ts'
import { tokens } from './route-words.ts'

/** Which of the messages that the examples give to `from` are for `to`: those whose score is above zero. */
export type Move = { from: AgentName; to: AgentName; weights: Float32Array; threshold: number }
/** What the corrections of one person teach beside the examples, as plain values. */
export type Moves = { table: Table; moves: readonly Move[] }
export const NO_MOVES: Moves = { table: new Int32Array(0), moves: [] }

const PLAN: Plan = { epochs: 5, rate: 0.1 }
/** A correction is worth so many examples: it is about this person. */
const WORTH = 12
/** So many examples are needed to see whom a move would take what is not meant. */
const ENOUGH = 16
/** One example in so many is kept back for that. */
const KEPT_BACK = 4
/** How much it counts that the examples were not sure of `from` anyway. */
const DOUBT = 0.25
/** Who says "why?" or "go on" says nothing of what the next "why?" is about. */
const LEANS = 2

/** How many of the kept-back examples a move may take: one correction hardly any, many that agree a few in a hundred. */
const mayTake = (corrections: number) => (0.06 * corrections) / (corrections + 2)

/**
 * Learns from corrections what leaves whom for whom. The corrected messages stand against the examples of the agent that they left, so that
 * nothing else moves; and a move that would take more than a few of the examples is held back until it doesn't. What the examples alone taught stays as it is.
 * Deterministic.
 */
export function learnMoves(agents: readonly Agent[], learned: Learned, corrections: readonly Correction[]): Moves {
  const fallback = agents.findIndex(({ name }) => name === FALLBACK)
  const at = (agent: AgentName) => agents.findIndex(({ name }) => name === agent)
  const taught = corrections.flatMap(({ text, agent }) => {
    const words = tokens(text)
    const to = at(agent)
    if (to < 0 || words.length === 0 || leaning(words, 1) >= LEANS) return []
    const found = learned.read(words)
    const { score, known } = scoreOf(found, words, learned)
    if (fallback >= 0) score[fallback] = score[fallback]! + FALLBACK_LEAN * (1 - known)
    return [{ found, from: bestOf(score, fallback), to }]
  })
  const pairs = [...new Map(taught.filter(({ from, to }) => from !== to).map((t) => [`${t.from} ${t.to}`, t])).values()]
  if (pairs.length === 0) return NO_MOVES

  const leaving = [...new Set(pairs.map(({ from }) => from))]
  const examples = leaving.flatMap((from) =>
    agents[from]!.sampleMessages.map((text) => ({ from, found: learned.read(tokens(text)) })),
  )
  const { rows, table } = makeRows([...examples, ...taught].map(({ found }) => found))
  const moves = pairs.flatMap(({ from, to }): Move[] => {
    const own = examples.flatMap((example, row) => (example.from === from ? [row] : []))
    if (own.length < ENOUGH) return []
    const label = new Uint16Array(examples.length + taught.length)
    const chosen = own.filter((_, i) => i % KEPT_BACK !== 0)
    let agreeing = 0
    for (const [i, correction] of taught.entries()) {
      if (correction.from !== from) continue
      const row = examples.length + i
      if (correction.to === to) {
        label[row] = 1
        agreeing++
      }
      for (let n = 0; n < WORTH; n++) chosen.push(row)
    }
    const both = train(rows, label, new Float32Array(label.length).fill(1), Int32Array.from(chosen), 2, PLAN)
    const weights = new Float32Array(rows.width)
    for (let f = 0; f < rows.width; f++) weights[f] = both[2 * f + 1]! - both[2 * f]!
    const scores = own
      .filter((_, i) => i % KEPT_BACK === 0)
      .map((row) => {
        const { found } = examples[row]!
        const { score } = scoreOf(found, [], learned)
        return sum(found, table, weights) + doubt(score, from, trained(agents, to))
      })
      .sort((a, b) => b - a)
    const threshold = scores[Math.floor(scores.length * mayTake(agreeing))]!
    return [{ from: agents[from]!.name, to: agents[to]!.name, weights, threshold }]
  })
  return { table, moves }
}

/** The moves that speak for a message, with how likely each is. `score` is what the examples say, before it is made to sum to one. */
export function movesOf(
  found: Features,
  score: Float64Array,
  { table, moves }: Moves,
  agents: readonly Agent[],
): { from: number; to: number; share: number }[] {
  return moves.flatMap(({ from: leaving, to: coming, weights, threshold }) => {
    const from = agents.findIndex(({ name }) => name === leaving)
    const to = agents.findIndex(({ name }) => name === coming)
    if (from < 0 || to < 0) return []
    const z = sum(found, table, weights) + doubt(score, from, trained(agents, to)) - threshold
    return [{ from, to, share: 1 / (1 + Math.exp(-2 * z)) }]
  })
}

/** The place of an agent that the examples know, or -1: without examples of its own it has no score to speak of. */
const trained = (agents: readonly Agent[], i: number) => (agents[i]!.sampleMessages.length > 0 ? i : -1)

function doubt(score: Float64Array, from: number, to: number): number {
  let other = -Infinity
  for (let i = 0; i < score.length; i++) if (i !== from && (to < 0 || i === to)) other = Math.max(other, score[i]!)
  return DOUBT * Math.max(-6, Math.min(6, other - score[from]!))
}

function sum({ hash, value }: Features, table: Table, weights: Float32Array): number {
  let z = 0
  for (let n = 0; n < hash.length; n++) z += weights[rowOf(table, hash[n]!)]! * value[n]!
  return z
}
