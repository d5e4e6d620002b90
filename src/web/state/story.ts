import type { Entry, Stopped } from '../../wire/event.ts'
import { count, many, percent, took } from './wording.ts'

/** `plain`: as it should be; `odd`: something was passed over or failed; `joint`: it went on after that; `away`: words left the machine. */
export type Happening = { t: number; tone: 'plain' | 'odd' | 'joint' | 'away'; text: string }
/** How an answer came about, failed attempts among it, which the draft forgets. */
export type Story = {
  happenings: readonly Happening[]
  /** The hosts that words were sent to, in order, each once. */
  remotes: readonly string[]
  /** Whom it was asked of last. */
  endpoint: string | null
  /** The endpoints at which an attempt failed, in order. */
  failed: readonly string[]
}
export const NO_STORY: Story = { happenings: [], remotes: [], endpoint: null, failed: [] }

/** Pure. Each entry must come once and in order. */
export function told(story: Story, { t, event }: Entry): Story {
  const and = (text: string, tone: Happening['tone'] = 'plain'): Story => ({
    ...story,
    happenings: [...story.happenings, { t, tone, text }],
  })
  switch (event.type) {
    case 'run.start': {
      const { title, forced, confidence } = event.route
      return and(
        forced ? `${title} answers, as you asked.` : `${title} answers, ${percent(Math.min(0.99, confidence))} sure.`,
      )
    }
    case 'run.resume':
      return and('The server was restarted, and the run taken up again.', 'joint')
    case 'run.continue':
      return and('It begins with what another version of the answer had said, and goes on from there.', 'joint')
    case 'endpoint.skip':
      return and(passedOver(event), 'odd')
    case 'step.start': {
      return sentTo(and(`${event.model} was asked ${at(event.endpoint)}.`), event, t)
    }
    case 'step.continue':
      return sentTo(and(continued(event), 'joint'), event, t)
    case 'step.end': {
      if (event.finish !== 'failed') return story
      const next = and(`That failed: ${sentence(event.fault?.message ?? 'no reason was given')}`, 'odd')
      return story.endpoint === null ? next : { ...next, failed: [...story.failed, story.endpoint] }
    }
    case 'context.cut':
      return and(
        `${many(event.left, 'older message')} did not fit into the ${count(event.context)} tokens that the model can read.`,
        'odd',
      )
    case 'guard':
      return and(event.text, 'odd')
    case 'run.end':
      return event.stopped === undefined ? story : and(`The stop took ${stoppedWords(event.stopped, story.endpoint)}.`)
    case 'phase':
    case 'thought.delta':
    case 'text.delta':
    case 'tool.call':
    case 'tool.start':
    case 'tool.delta':
    case 'tool.end':
    case 'ask.start':
    case 'ask.end':
    case 'child.start':
    case 'child.end':
    case 'todo.set':
    case 'usage':
      return story
  }
}

/** Whom it was asked of when it failed, and who was asked then. */
export function triedAgain({ failed, endpoint }: Story): string {
  const before = [...new Set(failed)].filter((name) => name !== endpoint).map(at)
  if (before.length === 0 || endpoint === null) return 'The first try failed; the model was asked again.'
  return `It failed ${new Intl.ListFormat('en').format(before)}; it was asked ${at(endpoint)} instead.`
}

type Skipped = { endpoint: string; model?: string | null | undefined; why: string }

/** llama.cpp was passed over: down since 14:03. A wish that no endpoint can fulfil belongs to none, `-`. */
export function passedOver(skip: Skipped): string {
  const who = whoWasPassedOver(skip)
  if (who === null) return sentence(capital(skip.why))
  const model = skip.endpoint === '-' || skip.model == null ? '' : ` (${skip.model})`
  return `${capital(who)}${model} was passed over: ${sentence(skip.why)}`
}

/** The endpoint, or the model that was named and is nowhere; null where neither was. */
export const whoWasPassedOver = ({ endpoint, model }: Skipped): string | null =>
  endpoint === '-' ? (model ?? null) : endpointName(endpoint)

/** Continued on ollama by prefill after 312 characters. */
export function continued(joint: { endpoint: string; model: string; by: 'prefill' | 'shown'; kept: number }): string {
  const how = joint.by === 'prefill' ? 'by prefill' : 'from what was shown to it'
  const after = joint.kept === 0 ? 'before its first word' : `after ${many(joint.kept, 'character')}`
  return `Continued ${at(joint.endpoint)} with ${joint.model}, ${how}, ${after}.`
}

/** How a stop went: "0.2 s; llama.cpp is idle". */
export function stoppedWords({ ms, upstream }: Stopped, endpoint: string | null): string {
  const who = endpoint === null ? 'the model' : endpointName(endpoint)
  const seen = {
    none: 'no model was at work',
    closed: 'the connection is closed',
    idle: `${who} is idle`,
    busy: `${who} is told, and still reads a batch`,
  }[upstream]
  return `${took(ms)}; ${seen}`
}

export const endpointName = (name: string): string => (name === 'engine' ? 'the engine' : name)
/** Names are left as they are written. */
const capital = (text: string): string =>
  text.replace(/^(the|no)\b/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
const at = (endpoint: string): string => (endpoint === 'engine' ? 'on the engine' : `at ${endpoint}`)
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function sentTo(story: Story, asked: { endpoint: string; remote?: string | undefined }, t: number): Story {
  const { endpoint, remote } = asked
  if (remote === undefined) return { ...story, endpoint }
  return {
    ...story,
    happenings: [...story.happenings, { t, tone: 'away', text: `The words were sent to ${remote}.` }],
    remotes: story.remotes.includes(remote) ? story.remotes : [...story.remotes, remote],
    endpoint,
  }
}
