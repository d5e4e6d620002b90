import { connectTo, type Client } from '../client/client.ts'
import { loadConfig } from '../config.ts'
import type { Lesson } from '../wire/mind.ts'
import { cleanLine, jsonLine } from './clean.ts'
import { Failed, oneOf, readArgs, UsageError, type ExitCode } from './command.ts'
import { addressOf } from './shelf-access.ts'
import { say, table } from './terminal.ts'

const VERBS = ['lessons', 'forget'] as const
/** Enough of an id to tell messages apart. */
const SHORT = 12

/** What the router has learnt from a person: lists it, and forgets one. */
export async function agents(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' } }, 2)
  const [given = 'lessons', id = ''] = positionals
  const verb = oneOf(given, VERBS, 'verb of agents')
  if (verb === 'lessons' && id !== '') throw new UsageError('pkn agents lessons takes nothing more')
  if (verb === 'forget' && id.length < 4) throw new UsageError('forget which? `pkn agents lessons` names them')
  const client = connectTo(addressOf(loadConfig()))
  const { lessons, learns } = await all(client)
  if (verb === 'lessons') {
    if (values.json === true) say(jsonLine(lessons))
    else if (lessons.length === 0) say(learns ? 'Nothing was learnt yet.' : 'Nothing is learnt: routing.learn is off.')
    else {
      for (const line of table(lessons.map(rowOf))) say(line)
      if (!learns) say('routing.learn is off: none of it counts now.')
    }
    return 0
  }
  const [one, other] = lessons.filter(({ message }) => message.startsWith(id))
  if (one === undefined) throw new Failed(`nothing was learnt from a message ${cleanLine(id)}`)
  if (other !== undefined) throw new Failed(`several begin with ${cleanLine(id)}; say more of the id`)
  await client.call('lessonsRemove', { params: { message: one.message } })
  say(`Forgotten: ${cleanLine(one.text)}`)
  return 0
}

const rowOf = ({ message, text, agent, instead }: Lesson): string[] => [
  message.slice(0, SHORT),
  `${agent}, not ${instead}`,
  cleanLine(text),
]

async function all({ call }: Client): Promise<{ lessons: Lesson[]; learns: boolean }> {
  const found: Lesson[] = []
  let before: string | undefined
  for (;;) {
    const { lessons, next, learns } = await call('lessonsList', { query: { limit: 200, before } })
    found.push(...lessons)
    if (next === null) return { lessons: found, learns }
    before = next
  }
}
