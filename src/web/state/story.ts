import type { Entry, Stopped } from '../../wire/event.ts'
import { localeNow, say, sayCount } from '../words/say.ts'
import { agentTitle, faultText } from '../words/titles.ts'
import { whyText } from '../words/whys.ts'
import { guardWords } from './guard-words.ts'
import { recallWords } from './recall-words.ts'
import { percent, took } from './wording.ts'

/** `plain`: as it should be; `odd`: something was passed over or failed; `joint`: it went on after that; `away`: words left the machine; `found`: something was looked up. */
export type Happening = { t: number; tone: 'plain' | 'odd' | 'joint' | 'away' | 'found'; text: string }
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
      const { forced, confidence } = event.route
      const agent = agentTitle(event.route.title)
      return and(
        forced
          ? say('{agent} answers, as you asked.', { agent })
          : say('{agent} answers, {share} sure.', { agent, share: percent(Math.min(0.99, confidence)) }),
      )
    }
    case 'run.resume':
      return and(say('The server was restarted, and the run taken up again.'), 'joint')
    case 'run.continue':
      return and(say('It begins with what another version of the answer had said, and goes on from there.'), 'joint')
    case 'endpoint.skip':
      return and(passedOver(event), 'odd')
    case 'step.start': {
      return sentTo(and(say('{model} was asked {where}.', { model: event.model, where: at(event.endpoint) })), event, t)
    }
    case 'step.continue':
      return sentTo(and(continued(event), 'joint'), event, t)
    case 'step.end': {
      if (event.finish !== 'failed') return story
      const next = and(
        event.fault === undefined
          ? say('That failed; no reason was given.')
          : say('That failed: {why}', { why: sentence(faultText(event.fault)) }),
        'odd',
      )
      return story.endpoint === null ? next : { ...next, failed: [...story.failed, story.endpoint] }
    }
    case 'context.cut':
      if (event.left === 0 && event.outputs === undefined && event.steps === undefined)
        return and(
          say('Not all that was looked up fits: this model reads at most {context} tokens at once.', {
            context: event.context,
          }),
          'odd',
        )
      if (event.left === 0)
        return and(
          say('Older results of tools were shortened: this model reads at most {context} tokens at once.', {
            context: event.context,
          }),
          'odd',
        )
      return and(
        sayCount(
          event.left,
          '1 older message did not fit into the {context} tokens that the model can read.',
          '{n} older messages did not fit into the {context} tokens that the model can read.',
          { context: event.context },
        ),
        'odd',
      )
    case 'recall':
      return and(recallWords(event), 'found')
    case 'guard':
      return and(guardWords(event), event.guard === 'repaired' ? 'plain' : 'odd')
    case 'todo.set': {
      const next = event.items.find(({ state }) => state !== 'done')
      const done = event.items.filter(({ state }) => state === 'done').length
      const so = { done, n: event.items.length }
      return and(
        next === undefined
          ? say('The list of what is to be done: {done} of {n} done.', so)
          : say('The list of what is to be done: {done} of {n} done; next: {what}', { ...so, what: next.text }),
      )
    }
    case 'run.end':
      return event.stopped === undefined ? story : and(stopSentence(event.stopped, story.endpoint))
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
    case 'usage':
      return story
  }
}

/** Whom it was asked of when it failed, and who was asked then. */
export function triedAgain({ failed, endpoint }: Story): string {
  const before = [...new Set(failed)].filter((name) => name !== endpoint).map(at)
  if (before.length === 0 || endpoint === null) return say('The first try failed; the model was asked again.')
  return say('It failed {where}; it was asked {instead} instead.', {
    where: new Intl.ListFormat(localeNow()).format(before),
    instead: at(endpoint),
  })
}

type Skipped = { endpoint: string; model?: string | null | undefined; why: string }

/** llama.cpp was passed over: down since 14:03. A wish that no endpoint can fulfil belongs to none, `-`. */
export function passedOver(skip: Skipped): string {
  const who = whoWasPassedOver(skip)
  if (who === null) return sentence(capital(skip.why))
  const name = skip.endpoint === '-' || skip.model == null ? capital(who) : `${capital(who)} (${skip.model})`
  return say('{name} was passed over: {why}', { name, why: sentence(whyText(skip.why)) })
}

/** The endpoint, or the model that was named and is nowhere; null where neither was. */
export const whoWasPassedOver = ({ endpoint, model }: Skipped): string | null =>
  endpoint === '-' ? (model ?? null) : endpointName(endpoint)

/** Continued on ollama by prefill after 312 characters. */
export function continued(joint: { endpoint: string; model: string; by: 'prefill' | 'shown'; kept: number }): string {
  const how = joint.by === 'prefill' ? say('by prefill') : say('from what was shown to it')
  const after =
    joint.kept === 0 ? say('before its first word') : sayCount(joint.kept, 'after 1 character', 'after {n} characters')
  return say('Continued {where} with {model}, {how}, {after}.', {
    where: at(joint.endpoint),
    model: joint.model,
    how,
    after,
  })
}

/** How a stop went: "0.2 s; llama.cpp is idle". */
export function stoppedWords({ ms, upstream }: Stopped, endpoint: string | null): string {
  const who = endpoint === null ? say('the model') : endpointName(endpoint)
  const seen = {
    none: say('no model was at work'),
    closed: say('the connection is closed'),
    idle: say('{who} is idle', { who }),
    busy: say('{who} is told, and still reads a batch', { who }),
  }[upstream]
  return `${took(ms)}; ${seen}`
}
export const stopSentence = (stopped: Stopped, endpoint: string | null): string =>
  say('The stop took {words}.', { words: stoppedWords(stopped, endpoint) })

export const endpointName = (name: string): string => (name === 'engine' ? say('the engine') : name)
/** Names are left as they are written. */
const capital = (text: string): string =>
  text.replace(/^(the|no|der|die|das)\b/, (word) => word.charAt(0).toUpperCase() + word.slice(1))
const at = (endpoint: string): string =>
  endpoint === 'engine' ? say('on the engine') : say('at {endpoint}', { endpoint })
const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`)

function sentTo(story: Story, asked: { endpoint: string; remote?: string | undefined }, t: number): Story {
  const { endpoint, remote } = asked
  if (remote === undefined) return { ...story, endpoint }
  return {
    ...story,
    happenings: [
      ...story.happenings,
      { t, tone: 'away', text: say('The words were sent to {host}.', { host: remote }) },
    ],
    remotes: story.remotes.includes(remote) ? story.remotes : [...story.remotes, remote],
    endpoint,
  }
}
