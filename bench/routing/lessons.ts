/** What routing gains by being corrected: simulates people who ask, and give an answer to another agent where the router chose wrongly. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Agent } from '../../src/core/ports.ts'
import type { Features } from '../../src/core/route-features.ts'
import { learn, use, type Learned } from '../../src/core/route-learn.ts'
import { learnMoves, NO_MOVES } from '../../src/core/route-moves.ts'
import { nearestOf, standing, type Correction } from '../../src/core/route-near.ts'
import { taughtRouter } from '../../src/core/route.ts'
import { AgentName } from '../../src/wire/id.ts'
import { builtInAgents, readPrompts, type Prompt } from './prompts.ts'

/** A message of an imagined person, and whom they want to be answered by. */
const Wanted = z.strictObject({ user: z.string(), text: z.string().min(1), agent: AgentName, language: z.string() })
export type Wanted = z.infer<typeof Wanted>

const HERE = import.meta.dirname
export const readWanted = (): Wanted[] =>
  readFileSync(join(HERE, 'personal.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Wanted.parse(JSON.parse(line)))

/** What was not written with these people in mind, and that none of them wants otherwise: it must go where it went. */
export function othersOf(user: string): Prompt[] {
  const all = ['held-out.jsonl', 'independent.jsonl'].flatMap((f) => readPrompts(readFileSync(join(HERE, f), 'utf8')))
  return all.filter(({ text, language }) => !wantsOtherwise(user, text, language))
}

/** Prompts of the other sets that these people would want to go elsewhere too, so that nobody could say who is right. */
const OTHERWISE: Record<string, RegExp> = {
  dana: /\b(?:sql|join|quer(?:y|ies)|postgres\w*|mysql|sqlite|database|tables?|spreadsheet|excel|csv|column)\b/i,
  jonas: /brief|schreiben|anschreiben|mahnung|e?-?mail|einladung/i,
  mira: /cook|recipe|dinner|trip|gift|present|holiday|weekend|travel|meal|film|movie|lunch|party|cake|book|visit|pack/i,
}
function wantsOtherwise(user: string, text: string, language: string): boolean {
  if (user === 'all') return Object.keys(OTHERWISE).some((one) => wantsOtherwise(one, text, language))
  return OTHERWISE[user]!.test(text) && (user !== 'jonas' || language === 'de')
}

/** The agents that two of them have made for themselves, without an example: they are known by corrections only. */
const ownAgent = (name: string): Agent => ({
  name: AgentName.parse(name),
  title: name,
  about: name,
  instructions: name,
  source: 'user',
  tools: [],
  models: [],
  mayDelegateTo: [],
  examples: 0,
  sampleMessages: [],
})

export type Bench = { agents: readonly Agent[]; learned: Learned }
export async function bench(): Promise<Bench> {
  const agents = [...(await builtInAgents()), ownAgent('data'), ownAgent('writer')]
  const learned = use(learn(agents))
  // The same examples are read again for each correction.
  const met = new Map<string, Features>()
  const read: Learned['read'] = (words) => {
    const key = words.map(({ word, weight }) => `${word} ${weight}`).join(' ')
    const features = met.get(key) ?? learned.read(words)
    met.set(key, features)
    return features
  }
  return { agents, learned: { ...learned, read } }
}

export const routerAfter = ({ agents, learned }: Bench, newestFirst: readonly Correction[], trains = true) => {
  const corrections = standing(newestFirst)
  return taughtRouter(agents, learned, {
    nearest: nearestOf(corrections, learned.read),
    moves: trains ? learnMoves(agents, learned, corrections) : NO_MOVES,
  })
}

export function accuracy(router: ReturnType<typeof taughtRouter>, prompts: readonly Pick<Prompt, 'text' | 'agent'>[]) {
  const right = prompts.filter(
    ({ text, agent }) => router.route({ text, recent: [], forced: null }).agent === agent,
  ).length
  return right / prompts.length
}

/** The same seed gives the same numbers. */
export function numbers(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b9)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Point = { lessons: number; unseen: number; others: number }
export type Asked = { user: string; seed: number; points: readonly number[]; noise: number }

/**
 * A person asks half of their messages, in an order of the seed's, and corrects nine of ten wrong answers; `noise` is the share of the corrections that
 * name some other agent. Measured are the messages of the other half, which nobody has corrected, and the others' prompts.
 */
export function simulate(given: Bench, { user, seed, points, noise }: Asked): Point[] {
  const random = numbers(seed)
  const mixed = readWanted()
    .filter((wanted) => user === 'all' || wanted.user === user)
    .map((wanted) => ({ wanted, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ wanted }) => wanted)
  const half = Math.round(mixed.length * 0.6)
  const unseen = mixed.slice(half)
  const others = othersOf(user)
  const newestFirst: Correction[] = []
  let router = routerAfter(given, newestFirst)
  const found: Point[] = []
  const measure = () =>
    found.push({ lessons: newestFirst.length, unseen: accuracy(router, unseen), others: accuracy(router, others) })
  if (points.includes(0)) measure()
  for (const { text, agent } of mixed.slice(0, half)) {
    if (router.route({ text, recent: [], forced: null }).agent === agent || random() > 0.9) continue
    const wrong = given.agents.filter(({ name }) => name !== agent)
    const to = random() < noise ? wrong[Math.floor(random() * wrong.length)]!.name : agent
    newestFirst.unshift({ text, agent: to })
    router = routerAfter(given, newestFirst)
    if (points.includes(newestFirst.length)) measure()
  }
  if (!points.includes(newestFirst.length)) measure()
  return found
}

const mean = (list: readonly number[]) => list.reduce((sum, n) => sum + n, 0) / list.length
/** Half the width of the interval in which the mean of so many seeds lies in 95 of 100 cases. */
const within = (list: readonly number[]) =>
  1.96 * Math.sqrt(mean(list.map((n) => (n - mean(list)) ** 2)) / Math.max(1, list.length - 1))

export async function tellGain(seeds: number, users = ['dana', 'jonas', 'mira', 'all']): Promise<void> {
  const given = await bench()
  const points = [0, 1, 5, 10, 20, 50]
  for (const noise of [0, 0.1]) {
    console.log(
      `\n== corrections of which ${noise * 100} % are wrong; ${seeds} seeds; right of the unseen | of the others' prompts`,
    )
    for (const user of users) {
      const runs = Array.from({ length: seeds }, (_, seed) => simulate(given, { user, seed: seed + 1, points, noise }))
      const cells = points.flatMap((lessons) => {
        const at = runs.flatMap((run) => run.filter((point) => point.lessons === lessons))
        return at.length < seeds / 2 ? [] : [cell(`after ${lessons}`, at)]
      })
      const last = runs.map((run) => run.at(-1)!)
      const most = mean(last.map(({ lessons }) => lessons))
      console.log(`${user}: ${[...cells, cell(`at the end (${most.toFixed(0)})`, last)].join('; ')}`)
    }
  }
}

function cell(name: string, points: readonly Point[]): string {
  const share = (list: number[]) => `${(100 * mean(list)).toFixed(1)} ± ${(100 * within(list)).toFixed(1)} %`
  return `${name}: ${share(points.map(({ unseen }) => unseen))} | ${share(points.map(({ others }) => others))}`
}
