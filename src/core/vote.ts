import type { AgentName, RunId } from '../wire/id.ts'
import type { Format } from '../wire/message.ts'
import { asJson } from './fit.ts'

/** One who was asked. `choice` is the place of an option, null where none was named that there is. */
export type Vote = {
  agent: AgentName
  model: string | null
  run: RunId
  choice: number | null
  reason: string
}
export type Tally = {
  /** How many chose each option, in their order. */
  counts: number[]
  /** The option that most chose; the first of them where several have as many; null where nobody chose. */
  choice: number | null
  /** Options that have as many as the choice, if there are others than it. */
  tied: number[]
  /** The share of those that chose at all who chose it. */
  agreement: number
}

const MOST_REASON = 2000

/** What each is asked, word for word the same, so that nobody is led by another. */
export function ballot(question: string, options: readonly string[], context: string | null): string {
  return [
    ...(context === null || context.trim() === '' ? [] : [context.trim(), '']),
    question.trim(),
    '',
    'Choose exactly one of these options:',
    ...options.map((option, i) => `${i + 1}. ${option}`),
    '',
    'Say which by its number, and why in one or two sentences.',
  ].join('\n')
}

/** The form of an answer: models are held to it as far as their backends can, and told of it. */
export const ballotFormat = (options: readonly string[]): Format => ({
  name: 'vote',
  schema: {
    type: 'object',
    properties: {
      choice: { type: 'integer', enum: options.map((_, i) => i + 1) },
      reason: { type: 'string', maxLength: 500 },
    },
    required: ['choice', 'reason'],
    additionalProperties: false,
  },
})

/** What an answer says. One that names several options, or none that there is, chooses nothing: a vote is never guessed. */
export function readVote(answer: string, options: readonly string[]): Pick<Vote, 'choice' | 'reason'> {
  const said = answer.trim()
  const object = objectIn(said)
  if (object !== null) {
    const choice = optionOf(object['choice'] ?? object['option'] ?? object['answer'], options)
    const why = object['reason'] ?? object['reasoning']
    if (choice !== null) return { choice, reason: bounded(typeof why === 'string' ? why : '') }
  }
  const first = said.split('\n', 1)[0] ?? ''
  const named = /^(?:(?:choice|option|answer|vote)\b\W*|\W*)(\d{1,2})\b/i.exec(first)?.[1]
  const choice = optionOf(named, options) ?? onlyOneNamed(said, options)
  return { choice, reason: bounded(said) }
}

function objectIn(text: string): { [key: string]: unknown } | null {
  const begin = text.indexOf('{')
  if (begin === -1) return null
  const end = text.lastIndexOf('}')
  for (const piece of [text.slice(begin, end + 1), text.slice(begin)]) {
    const json = piece === '' ? undefined : asJson(piece)
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json
  }
  return null
}

function optionOf(named: unknown, options: readonly string[]): number | null {
  if (typeof named !== 'number' && typeof named !== 'string') return null
  const text = String(named).trim()
  const number = /^#?(\d{1,2})[.)]?$/.exec(text)?.[1]
  if (number !== undefined) {
    const place = Number(number) - 1
    return place >= 0 && place < options.length ? place : null
  }
  const same = options.flatMap((option, i) => (plain(option) === plain(text) ? [i] : []))
  return same.length === 1 ? same[0]! : onlyOneNamed(text, options)
}

/** The one option whose words stand in a text; one that is a part of a longer one that stands there does not count. */
function onlyOneNamed(text: string, options: readonly string[]): number | null {
  const within = ` ${plain(text)} `
  const there = options.flatMap((option, i) =>
    within.includes(` ${plain(option)} `) && plain(option) !== '' ? [i] : [],
  )
  const longest = there.filter(
    (i) => !there.some((k) => k !== i && ` ${plain(options[k]!)} `.includes(` ${plain(options[i]!)} `)),
  )
  return longest.length === 1 ? longest[0]! : null
}
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
const bounded = (reason: string): string => reason.trim().slice(0, MOST_REASON)

export function tally(votes: readonly Pick<Vote, 'choice'>[], options: readonly string[]): Tally {
  const counts = options.map((_, i) => votes.filter(({ choice }) => choice === i).length)
  const given = counts.reduce((sum, n) => sum + n, 0)
  const most = Math.max(...counts)
  if (given === 0) return { counts, choice: null, tied: [], agreement: 0 }
  const best = counts.flatMap((n, i) => (n === most ? [i] : []))
  return { counts, choice: best[0]!, tied: best.length > 1 ? best : [], agreement: most / given }
}

/** How it ended, in sentences: what was chosen by how many, that a tie is one, and what those say who did not choose it. */
export function inWords(votes: readonly Vote[], options: readonly string[], { counts, choice, tied }: Tally): string {
  if (choice === null) return `None of the ${votes.length} answers named one of the options.`
  const silent = votes.filter((vote) => vote.choice === null).length
  const name = (i: number) => `"${options[i]}"`
  const head =
    tied.length > 0
      ? `A tie: ${tied.map((i) => name(i)).join(' and ')} have ${counts[choice]} of ${votes.length} votes each; the first of them is named.`
      : `${counts[choice]} of ${votes.length} chose ${name(choice)}.`
  const quoted = (vote: Vote) =>
    `${vote.agent}${vote.choice === null ? '' : ` (for ${name(vote.choice)})`}: ${vote.reason || 'no reason given'}`
  const reasons = votes.filter((vote) => vote.choice === choice).map(quoted)
  const dissent = votes.filter((vote) => vote.choice !== null && vote.choice !== choice).map(quoted)
  return [
    head,
    ...(silent === 0 ? [] : [`${silent} named no option.`]),
    ...reasons,
    ...(dissent.length === 0 ? [] : ['Against it:', ...dissent]),
  ].join('\n')
}
