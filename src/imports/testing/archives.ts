import type { ArchivedAnswer, ArchivedTurn, SessionArchive } from '../../wire/archive.ts'
import type { Entry, RunEvent } from '../../wire/event.ts'
import { AgentName, CallId, newMessageId, newRunId, newSessionId, offset, type RunId } from '../../wire/id.ts'

/** The same numbers for the same seed. */
export function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const WORDS = [
  'hello',
  '```',
  '<details>',
  '\u202e',
  'ä\u0000',
  '😀',
  '"quoted"',
  '</details>',
  '| a |',
  '# no',
  '\n',
  "it's",
]

/** A session with branches and versions, as random as `seed` says, with its logs. */
export function randomArchive(seed: number): SessionArchive {
  const pick = numbers(seed)
  const words = () => Array.from({ length: 1 + pick(6) }, () => WORDS[pick(WORDS.length)]).join(' ')
  const session = newSessionId()
  const runs: RunId[] = []
  const time = () => new Date(Date.UTC(2026, 0, 1) + pick(1e9)).toISOString()
  const answer = (): ArchivedAnswer => {
    const id = newRunId()
    const [thought, first, second] = [words(), words(), words()]
    const agent = AgentName.parse('coder')
    const call = CallId.parse(`call_${pick(1000)}`)
    const route = { agent, title: words(), confidence: 0.5, scores: [], because: [], complexity: 'simple', requiresTools: false, forced: false } as const // prettier-ignore
    const ok = pick(2) === 0
    const events: RunEvent[] = [
      { type: 'run.start', session, agent, route: { ...route, scores: [], because: [] } },
      { type: 'step.start', step: 1, model: 'tiny', endpoint: 'here' },
      { type: 'thought.delta', text: thought },
      { type: 'text.delta', text: first },
      { type: 'tool.call', call, tool: 'look', input: { at: words() } },
      { type: 'tool.end', call, ok, output: [words(), null, pick(9)] },
      { type: 'text.delta', text: second },
      { type: 'step.end', step: 1, finish: 'stop' },
      { type: 'run.end', reason: pick(2) === 0 ? 'done' : 'cancelled' },
    ]
    const entries = events.map((event, i): Entry => ({ at: offset(i + 1), t: i * pick(100), event }))
    const end = events.at(-1)
    return {
      id,
      created: time(),
      answered: time(),
      wish: {
        agent,
        backend: 'local',
        model: pick(2) === 0 ? null : 'tiny',
        priority: 'interactive',
        temperature: null,
        plan: 'never',
        format: null,
      },
      text: first + second,
      agent,
      model: 'tiny',
      reason: end?.type === 'run.end' ? end.reason : null,
      fault: null,
      finish: 'stop',
      remote: null,
      recalled: { memories: [], passages: [] },
      did: [{ tool: 'look', calls: 1, failed: ok ? 0 : 1 }],
      entries,
    }
  }
  const turns = Array.from({ length: 1 + pick(8) }, (): ArchivedTurn => {
    const after = runs.length === 0 || pick(4) === 0 ? null : runs[pick(runs.length)]!
    const answers = Array.from({ length: 1 + pick(3) }, answer)
    runs.push(...answers.map(({ id }) => id))
    return { id: newMessageId(), after, text: words(), created: time(), answers }
  })
  return {
    pkn: 'session',
    version: 1,
    session: {
      title: words(),
      named: pick(2) === 0,
      created: time(),
      updated: time(),
      tip: runs[pick(runs.length)]!,
      pinned: pick(2) === 0,
      folder: pick(2) === 0 ? null : 'work',
      archived: pick(2) === 0,
    },
    turns,
  }
}

/** Ids are new with each import; what is the same is everything else, and who points at whom. */
export function withoutIds(value: unknown): unknown {
  const names = new Map<string, string>()
  const text = JSON.stringify(value).replaceAll(/\b(ses|run|msg|att)_[0-9a-z]{20,40}/g, (id, kind: string) => {
    const known = names.get(id) ?? `${kind}:${names.size}`
    names.set(id, known)
    return known
  })
  return JSON.parse(text)
}
