import type { RouteDecision } from '../wire/event.ts'
import type { AgentName } from '../wire/id.ts'
import type { Agent, Router, RouteQuestion } from './ports.ts'
import { complexityOf } from './route-complexity.ts'
import { because } from './route-because.ts'
import { learn, use, type Learned, type Lesson } from './route-learn.ts'
import { leaning } from './route-recent.ts'
import { bestOf, FALLBACK, FALLBACK_LEAN, scoreOf } from './route-score.ts'
import { byLessons, type Taught } from './route-taught.ts'
import { needsTools } from './route-tools.ts'
import { softmax } from './route-train.ts'
import { tokens } from './route-words.ts'

/** Learns from the agents' sample messages, once and in well under a second. Deterministic; touches nothing outside. */
export function trainRouter(agents: readonly Agent[]): Router {
  return routerOf(agents, learn(agents))
}

/** A router over what was learnt from these very agents. */
export function routerOf(agents: readonly Agent[], lesson: Lesson): Router {
  return taughtRouter(agents, use(lesson), null)
}

/** The same for a person who has said better now and then. */
export function taughtRouter(agents: readonly Agent[], learned: Learned, taught: Taught | null): Router {
  if (agents.length === 0) throw new Error('There are no agents to choose from')
  return { route: (question) => route(question, agents, learned, taught) }
}

function route(
  { text, recent, forced }: RouteQuestion,
  agents: readonly Agent[],
  learned: Learned,
  taught: Taught | null,
): RouteDecision {
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
  const plain = Float64Array.from(score)
  if (before >= 0) score[before] = score[before]! + lean

  softmax(score)
  // A message that goes on with the one before is not about what it says.
  const spokeFor =
    taught === null || called >= 0 || lean > LEANS ? null : byLessons(found, plain, score, agents, taught)
  const best = called >= 0 ? called : bestOf(score, fallback)
  const agent = agents[best]!
  const reasons = because(words, found, learned, best)
  const taughtBy = spokeFor?.(best) ?? 0
  if (taughtBy > 0)
    reasons.unshift({
      feature: `you asked ${agent.title} instead, for a message like this`,
      weight: rounded(taughtBy),
      why: 'lesson',
    })
  if (best === before && lean > 0.5)
    reasons.unshift({ feature: `${agent.title} answered before`, weight: rounded(lean), why: 'before' })
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

/** From here on a message leans more on the one before than it says by itself. */
const LEANS = 2
const ADDRESS = /^\s*@([a-z][a-z0-9_-]{0,39})(?![\w.@])[\s,:]*/i

function addressee(text: string): AgentName | null {
  const name = ADDRESS.exec(text)?.[1]
  // A name that no agent has finds none, so this brand can do no harm.
  return name === undefined ? null : (name.toLowerCase() as AgentName)
}

const rounded = (n: number) => Math.round(n * 10_000) / 10_000
