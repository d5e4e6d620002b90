import type { RouteDecision } from '../wire/event.ts'
import type { AgentName } from '../wire/id.ts'
import type { Agent, Router, RouteQuestion } from './ports.ts'
import { complexityOf } from './route-complexity.ts'
import type { Features } from './route-features.ts'
import { leaning } from './route-recent.ts'
import { because } from './route-because.ts'
import { learn, use, type Learned, type Lesson } from './route-learn.ts'
import { needsTools } from './route-tools.ts'
import { rowOf, softmax } from './route-train.ts'
import { tokens, type Token } from './route-words.ts'

/** What a text of which nothing is known falls to, if there is such an agent. */
const FALLBACK = 'general'

/** Learns from the agents' sample messages, once and in well under a second. Deterministic; touches nothing outside. */
export function trainRouter(agents: readonly Agent[]): Router {
  return routerOf(agents, learn(agents))
}

/** A router over what was learnt from these very agents. */
export function routerOf(agents: readonly Agent[], lesson: Lesson): Router {
  if (agents.length === 0) throw new Error('There are no agents to choose from')
  const learned = use(lesson)
  return { route: (question) => route(question, agents, learned) }
}

function route({ text, recent, forced }: RouteQuestion, agents: readonly Agent[], learned: Learned): RouteDecision {
  const called = agents.findIndex(({ name }) => name === (forced ?? addressee(text)))
  const asked = called >= 0 && forced === null ? text.replace(ADDRESS, '') : text
  const words = tokens(asked)
  const found = learned.read(words)
  const { score, known } = scoreOf(found, words, learned)
  const fallback = agents.findIndex(({ name }) => name === FALLBACK)
  const last = recent.findLast(({ role, agent }) => role === 'assistant' && agent !== null)?.agent ?? null
  const before = agents.findIndex(({ name }) => name === last)
  if (before < 0 && fallback >= 0) score[fallback] = score[fallback]! + FALLBACK_LEAN * (1 - known)
  const lean = before >= 0 ? leaning(words, known) : 0
  if (before >= 0) score[before] = score[before]! + lean

  softmax(score)
  let best = called >= 0 ? called : fallback >= 0 ? fallback : 0
  if (called < 0) for (let i = 0; i < score.length; i++) if (score[i]! > score[best]! + 1e-9) best = i
  const agent = agents[best]!
  const reasons = because(words, found, learned, best)
  if (best === before && lean > 0.5)
    reasons.unshift({ feature: `${agent.title} answered before`, weight: rounded(lean) })
  return {
    agent: agent.name,
    title: agent.title,
    confidence: called >= 0 ? 1 : rounded(score[best]!),
    scores: agents
      .map(({ name }, i) => ({ agent: name, score: called >= 0 ? Number(i === called) : rounded(score[i]!) }))
      .sort((a, b) => b.score - a.score),
    because: called >= 0 ? [{ feature: forced === null ? `@${agent.name}` : 'chosen by you', weight: 1 }] : reasons,
    complexity: complexityOf(asked, words),
    requiresTools: needsTools(words, agent),
    forced: called >= 0,
  }
}

const FALLBACK_LEAN = 2
const ADDRESS = /^\s*@([a-z][a-z0-9_-]{0,39})(?![\w.@])[\s,:]*/i

function addressee(text: string): AgentName | null {
  const name = ADDRESS.exec(text)?.[1]
  // A name that no agent has finds none, so this brand can do no harm.
  return name === undefined ? null : (name.toLowerCase() as AgentName)
}

/** The scores before they are made to sum to one, and the share of the words that training has seen. */
function scoreOf(
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

const rounded = (n: number) => Math.round(n * 10_000) / 10_000
