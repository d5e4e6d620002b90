import type { Agent } from './ports.ts'
import { makeReader, type Read } from './route-features.ts'
import { conceptsOf } from './route-lexicon.ts'
import { makeRows, scoreRow, softmax, train, type Plan, type Rows, type Table } from './route-train.ts'
import { tokens } from './route-words.ts'
import { yieldGround } from './route-yield.ts'

/** What was learnt, as plain values, so that it can be learnt in one thread and used in another. */
export type Lesson = {
  table: Table
  weights: Float32Array
  agents: number
  /** What the scores are multiplied by, so that an answer that is 80 % sure is right in 80 of 100 cases. */
  sharpness: number
  vocabulary: ReadonlySet<string>
}
/** A lesson with what reads a text by it. */
export type Learned = Lesson & { read: Read; wordKnown: (word: string) => boolean }

export const use = (lesson: Lesson): Learned => ({
  ...lesson,
  read: makeReader(),
  wordKnown: (word) => word.startsWith('#') || lesson.vocabulary.has(word) || conceptsOf(word).length > 0,
})

const PLAN: Plan = { epochs: 5, rate: 0.3 }
/** One example in so many is kept back to see how sure the model may be. */
const KEPT_BACK = 4

export function learn(agents: readonly Agent[]): Lesson {
  const read = makeReader()
  const vocabulary = new Set<string>()
  const label: number[] = []
  const texts = agents.flatMap((agent, i) =>
    agent.sampleMessages.map((message) => {
      label.push(i)
      const words = tokens(message)
      for (const { word } of words) vocabulary.add(word)
      return read(words)
    }),
  )
  const { rows, table } = makeRows(texts)
  const labels = Uint16Array.from(label)
  const share = shares(agents, labels)
  yieldGround(
    rows,
    labels,
    share,
    agents.map(({ source }) => source === 'user'),
  )
  const all = Int32Array.from(texts.keys())
  const learning = all.filter((i) => i % KEPT_BACK !== 0)
  const trial = train(rows, labels, share, learning, agents.length, PLAN)
  const keptBack = all.filter((i) => i % KEPT_BACK === 0)
  return {
    table,
    weights: train(rows, labels, share, all, agents.length, PLAN),
    agents: agents.length,
    sharpness: sharpnessOf(rows, keptBack, labels, trial, agents.length),
    vocabulary,
  }
}

/** An agent with few examples must be found among those with many, without swallowing what is theirs: half-way to equal weight. */
function shares(agents: readonly Agent[], labels: Uint16Array): Float32Array {
  const count = new Float64Array(agents.length)
  for (const c of labels) count[c] = count[c]! + 1
  const even = labels.length / Math.max(1, count.filter((n) => n > 0).length)
  return Float32Array.from(labels, (c) => Math.min(8, Math.sqrt(even / count[c]!)))
}

/** The factor under which what was kept back is least surprising. */
function sharpnessOf(
  rows: Rows,
  chosen: Int32Array,
  labels: Uint16Array,
  weights: Float32Array,
  agents: number,
): number {
  const scored = Array.from(chosen, (i) => ({ score: scoreRow(rows, i, weights, agents), right: labels[i]! }))
  let best = 1
  let least = Infinity
  for (let factor = 0.4; factor <= 3; factor *= 1.1) {
    let surprise = 0
    for (const { score, right } of scored) {
      const shaped = score.map((s) => s * factor)
      softmax(shaped)
      surprise -= Math.log(Math.max(1e-9, shaped[right]!))
    }
    if (surprise < least) {
      least = surprise
      best = factor
    }
  }
  return best
}
