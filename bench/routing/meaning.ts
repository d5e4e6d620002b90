/**
 * Whether nearness by meaning would route better: node bench/routing/run.ts --meaning http://host/v1 [--keep vectors.json] [--seeds N]
 * Nothing of it is in PKN: see docs/routing.md. An embedding model measures the examples, the prompts and the lessons.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../../src/clock.ts'
import type { Correction } from '../../src/core/route-near.ts'
import { trainRouter } from '../../src/core/route.ts'
import { openEmbedder } from '../../src/models/embed.ts'
import { bench, numbers, othersOf, readWanted, routerAfter } from './lessons.ts'
import { builtInAgents, readPrompts, type Prompt } from './prompts.ts'

const FILES = ['prompts', 'held-out', 'independent'] as const
const NEIGHBOURS = 15
/** Of what lies as near as the nearest; what is so much farther counts a third. */
const FADES = 0.05
const WEIGHTS = [0.1, 0.2, 0.3, 0.5, 0.8]
const SHOWN = 2000
type Vectors = ReadonlyMap<string, Float32Array>

export async function tellMeaning(url: string, keep: string | null, seeds: number): Promise<void> {
  const agents = await builtInAgents()
  const prompts = Object.fromEntries(
    FILES.map((f) => [f, readPrompts(readFileSync(join(import.meta.dirname, `${f}.jsonl`), 'utf8'))]),
  )
  const texts = [
    ...agents.flatMap(({ sampleMessages }) => sampleMessages),
    ...Object.values(prompts).flatMap((some) => some.map(({ text }) => text)),
    ...readWanted().map(({ text }) => text),
  ]
  const vectors = await measure([...new Set(texts)], url, keep)
  const examples = agents.flatMap(({ sampleMessages }, agent) =>
    sampleMessages.map((text) => ({ agent, vector: vectors.get(text)! })),
  )
  const router = trainRouter(agents)
  const read = ({ text, recent, agent }: Prompt) => {
    const { scores } = router.route({ text, recent, forced: null })
    const lexical = agents.map(({ name }) => Math.max(1e-4, scores.find((one) => one.agent === name)?.score ?? 0))
    // A message that goes on with the one before is not about what it says.
    const meaning = recent.length > 0 ? lexical : byNeighbours(vectors.get(text)!, examples, agents.length)
    return { right: agents.findIndex(({ name }) => name === agent), lexical, meaning }
  }
  for (const file of FILES) {
    const rows = prompts[file]!.map(read)
    const tell = (name: string, of: (row: (typeof rows)[number]) => readonly number[]) => {
      const said = rows.map((row) => ({ scores: of(row), right: row.right }))
      const right = said.filter(({ scores, right }) => best(scores) === right).length
      console.log(
        `${file}, ${name}: ${right}/${rows.length} ${((100 * right) / rows.length).toFixed(1)} %, calibration error ${calibrationError(said).toFixed(3)}`,
      )
    }
    tell('by words', ({ lexical }) => lexical)
    tell('by meaning', ({ meaning }) => meaning)
    for (const weight of WEIGHTS)
      tell(`both, meaning weighs ${weight}`, ({ lexical, meaning }) => together(lexical, meaning, weight))
  }
  for (const user of ['dana', 'jonas', 'mira']) await tellLessons(user, seeds, vectors)
}

async function measure(texts: readonly string[], url: string, keep: string | null): Promise<Vectors> {
  const known: Record<string, number[]> =
    keep !== null && existsSync(keep) ? JSON.parse(readFileSync(keep, 'utf8')) : {} /* as it is written below */
  const signal = new AbortController().signal
  const endpoints = { configured: [], usual: [] }
  const embedder = openEmbedder({ embedding: { endpoint: url }, endpoints, clock: systemClock })
  const took: number[] = []
  for (const text of texts) {
    if (known[text] !== undefined) continue
    const began = performance.now()
    const [vector] = await embedder.embed([text.slice(0, SHOWN)], 'question', signal)
    took.push(performance.now() - began)
    known[text] = [...vector!].map((n) => Math.round(n * 1e5) / 1e5)
  }
  if (keep !== null && took.length > 0) writeFileSync(keep, JSON.stringify(known))
  const median = took.toSorted((a, b) => a - b)[took.length >> 1]
  if (median !== undefined) console.log(`${took.length} texts measured, median ${median.toFixed(0)} ms`)
  return new Map(texts.map((text) => [text, Float32Array.from(known[text]!)]))
}

function byNeighbours(
  question: Float32Array,
  examples: readonly { agent: number; vector: Float32Array }[],
  agents: number,
): number[] {
  const near = examples.map(({ agent, vector }) => ({ agent, near: product(question, vector) }))
  const nearest = near.toSorted((a, b) => b.near - a.near).slice(0, NEIGHBOURS)
  const votes = Array.from({ length: agents }, () => 0.05)
  for (const one of nearest) votes[one.agent] = votes[one.agent]! + Math.exp((one.near - nearest[0]!.near) / FADES)
  return toOne(votes)
}

/** A lesson that is nearer than all examples of the agent that was chosen sends the message where it says. */
async function tellLessons(user: string, seeds: number, vectors: Vectors): Promise<void> {
  const given = await bench()
  const nearestExample = (text: string, agent: string) =>
    Math.max(
      0,
      ...given.agents
        .filter(({ name }) => name === agent)
        .flatMap(({ sampleMessages }) => sampleMessages)
        .map((example) => product(vectors.get(text)!, vectors.get(example)!)),
    )
  const run = (seed: number, byMeaning: boolean) => {
    const random = numbers(seed)
    const mixed = readWanted()
      .filter((wanted) => wanted.user === user)
      .map((wanted) => ({ wanted, place: random() }))
      .toSorted((a, b) => a.place - b.place)
      .map(({ wanted }) => wanted)
    const half = Math.round(mixed.length * 0.6)
    const newestFirst: Correction[] = []
    let router = routerAfter(given, newestFirst)
    const choose = (text: string) => {
      const { agent } = router.route({ text, recent: [], forced: null })
      if (!byMeaning) return agent
      const near = newestFirst.map((lesson) => ({
        lesson,
        near: product(vectors.get(text)!, vectors.get(lesson.text)!),
      }))
      const first = near.toSorted((a, b) => b.near - a.near)[0]
      const example = nearestExample(text, agent)
      return first !== undefined && example > 0 && first.near > example ? first.lesson.agent : agent
    }
    // The same are left uncorrected whatever decides.
    const lazy = numbers(seed + 99)
    for (const { text, agent } of mixed.slice(0, half)) {
      if (choose(text) === agent || lazy() > 0.9) continue
      newestFirst.unshift({ text, agent })
      router = routerAfter(given, newestFirst)
    }
    const share = (some: readonly { text: string; agent: string }[]) =>
      (100 * some.filter(({ text, agent }) => choose(text) === agent).length) / some.length
    return { unseen: share(mixed.slice(half)), others: share(othersOf(user)) }
  }
  const pairs = Array.from({ length: seeds }, (_, i) => ({ words: run(i + 1, false), both: run(i + 1, true) }))
  const gain = (of: 'unseen' | 'others') => {
    const gains = pairs.map(({ words, both }) => both[of] - words[of])
    const spread = Math.sqrt(mean(gains.map((n) => (n - mean(gains)) ** 2)) / Math.max(1, gains.length - 1))
    return `${mean(gains).toFixed(1)} ± ${(1.96 * spread).toFixed(1)}`
  }
  console.log(
    `${user}, ${seeds} seeds: of the unseen ${mean(pairs.map(({ words }) => words.unseen)).toFixed(1)} % by words, gain by meaning ${gain('unseen')}; of the others' ${mean(pairs.map(({ words }) => words.others)).toFixed(1)} %, ${gain('others')}`,
  )
}

const mean = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0) / list.length
const best = (scores: readonly number[]) => scores.indexOf(Math.max(...scores))
function toOne(scores: readonly number[]): number[] {
  const sum = scores.reduce((all, one) => all + one, 0)
  return scores.map((one) => one / sum)
}
const together = (lexical: readonly number[], meaning: readonly number[], weight: number): number[] =>
  toOne(lexical.map((one, i) => one * Math.max(1e-4, meaning[i]!) ** weight))

function product(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** As in run.ts: how far, on average, the confidence is from the share that is right. */
function calibrationError(rows: readonly { scores: readonly number[]; right: number }[]): number {
  const bins = Array.from({ length: 10 }, () => ({ sure: 0, right: 0 }))
  for (const { scores, right } of rows) {
    const sure = Math.max(...scores)
    const bin = bins[Math.min(9, Math.floor(sure * 10))]!
    bin.sure += sure
    bin.right += Number(best(scores) === right)
  }
  return bins.reduce((sum, { sure, right }) => sum + Math.abs(sure - right), 0) / rows.length
}
