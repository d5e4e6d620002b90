import { z } from 'zod'
import { SessionId } from '../wire/id.ts'
import { Planning } from '../wire/message.ts'
import { readArgs, UsageError } from './command.ts'

export type AskWish = {
  question: string
  agent: string | undefined
  model: string | undefined
  plan: Planning | undefined
  /** Null begins a new one. */
  session: SessionId | 'last' | null
  files: readonly string[]
  json: 'entries' | 'answer' | null
  start: boolean
  timeoutMs: number | null
}

const Json = z.enum(['entries', 'answer'])

export function readWish(args: string[]): AskWish {
  const { values, positionals } = readArgs(
    // Alone, each is the usual one of its forms.
    args.map((word) => (word === '--json' ? '--json=entries' : word === '--plan' ? '--plan=always' : word)),
    {
      agent: { type: 'string' },
      model: { type: 'string' },
      plan: { type: 'string' },
      session: { type: 'string' },
      new: { type: 'boolean' },
      attach: { type: 'string', multiple: true },
      json: { type: 'string' },
      start: { type: 'boolean' },
      timeout: { type: 'string' },
    },
    Infinity,
  )
  const json = values.json === undefined ? null : Json.safeParse(values.json)
  if (json?.success === false) throw new UsageError('--json is written so, or --json=answer')
  if (values.new === true && values.session !== undefined)
    throw new UsageError('--new begins a session, and --session names one; there can be only one of them')
  return {
    question: positionals.join(' '),
    agent: values.agent,
    model: values.model,
    plan: planNamed(values.plan),
    session: values.session === undefined ? null : sessionNamed(values.session),
    files: values.attach ?? [],
    json: json === null ? null : json.data,
    start: values.start === true,
    timeoutMs: values.timeout === undefined ? null : secondsOf(values.timeout) * 1000,
  }
}

export function planNamed(word: string | undefined): Planning | undefined {
  const plan = Planning.optional().safeParse(word)
  if (!plan.success) throw new UsageError('--plan is written so, or --plan=complex, or --plan=never')
  return plan.data
}

export function sessionNamed(word: string): SessionId | 'last' {
  if (word === 'last') return word
  const id = SessionId.safeParse(word)
  if (!id.success)
    throw new UsageError(`"${word}" is no session; \`pkn sessions\` names them, and "last" is the newest`)
  return id.data
}

function secondsOf(word: string): number {
  const seconds = Number(word)
  if (!(seconds > 0 && seconds <= 2_000_000)) throw new UsageError('--timeout takes seconds')
  return seconds
}
