import type { Features } from './route-features.ts'

/** Texts as rows of one sparse matrix over the features that training has seen. */
export type Rows = { start: Int32Array; feature: Int32Array; value: Float32Array; width: number }
/** A line for every agent: `weights[feature * agents + agent]`. */
export type Model = { table: Table; agents: number; weights: Float32Array }

const BITS = 19
/** From the hash of a feature to its row, or 0 for one never seen. Two that meet share a row, which a linear model bears. */
export type Table = Int32Array
const slot = (hash: number): number => (hash ^ (hash >>> 17)) & ((1 << BITS) - 1)

export function makeRows(texts: readonly Features[]): { rows: Rows; table: Table } {
  const table = new Int32Array(1 << BITS)
  let total = 0
  for (const { hash } of texts) total += hash.length
  const start = new Int32Array(texts.length + 1)
  const feature = new Int32Array(total)
  const value = new Float32Array(total)
  let at = 0
  let width = 1
  for (const [i, text] of texts.entries()) {
    for (let n = 0; n < text.hash.length; n++) {
      const place = slot(text.hash[n] ?? 0)
      if (table[place] === 0) table[place] = width++
      feature[at] = table[place] ?? 0
      value[at++] = text.value[n] ?? 0
    }
    start[i + 1] = at
  }
  return { rows: { start, feature, value, width }, table }
}

export type Plan = { epochs: number; rate: number }

/**
 * Multinomial logistic regression by AdaGrad over `chosen` rows; `label` is the agent of a row and `share` how much the row counts. No
 * agent has an advantage of its own: a text of which nothing is known scores the same for all. Deterministic.
 */
export function train(
  rows: Rows,
  label: Uint16Array,
  share: Float32Array,
  chosen: Int32Array,
  agents: number,
  { epochs, rate }: Plan,
): Float32Array {
  const { start, feature, value, width } = rows
  const weights = new Float32Array(width * agents)
  const sums = new Float32Array(width).fill(1e-3)
  const score = new Float64Array(agents)
  const order = Int32Array.from(chosen)
  let random = 0x9e3779b9
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      random = (Math.imul(random, 1664525) + 1013904223) >>> 0
      const j = (random >>> 8) % (i + 1) // the low bits of such a generator hardly change
      const kept = order[i]!
      order[i] = order[j]!
      order[j] = kept
    }
    for (let o = 0; o < order.length; o++) {
      const row = order[o]!
      const from = start[row]!
      const to = start[row + 1]!
      score.fill(0)
      for (let n = from; n < to; n++) {
        const base = feature[n]! * agents
        const v = value[n]!
        for (let c = 0; c < agents; c++) score[c] = score[c]! + weights[base + c]! * v
      }
      softmax(score)
      const right = label[row]!
      score[right] = score[right]! - 1
      let square = 0
      for (let c = 0; c < agents; c++) square += score[c]! * score[c]!
      square *= share[row]! * share[row]!
      // A row that is right and sure moves nothing worth the time.
      if (square < 1e-5) continue
      for (let n = from; n < to; n++) {
        const f = feature[n]!
        const v = value[n]!
        const base = f * agents
        sums[f] = sums[f]! + square * v * v
        const pace = rate / Math.sqrt(sums[f])
        const pull = pace * v * share[row]!
        for (let c = 0; c < agents; c++) weights[base + c] = weights[base + c]! - pull * score[c]!
      }
    }
  }
  return weights
}

/** The scores of one row. */
export function scoreRow(rows: Rows, row: number, weights: Float32Array, agents: number): Float64Array {
  const score = new Float64Array(agents)
  for (let n = rows.start[row]!; n < rows.start[row + 1]!; n++)
    for (let c = 0; c < agents; c++) score[c] = score[c]! + weights[rows.feature[n]! * agents + c]! * rows.value[n]!
  return score
}

/** The row of weights of a feature, or 0. */
export const rowOf = (table: Table, hash: number): number => table[slot(hash)] ?? 0

/** In place. */
export function softmax(score: Float64Array): void {
  let most = -Infinity
  for (const s of score) if (s > most) most = s
  let sum = 0
  for (let c = 0; c < score.length; c++) {
    score[c] = Math.exp(score[c]! - most)
    sum += score[c]!
  }
  for (let c = 0; c < score.length; c++) score[c] = score[c]! / sum
}
