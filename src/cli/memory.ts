import { connectTo, type Client } from '../client/client.ts'
import { loadConfig } from '../config.ts'
import { ProjectId } from '../wire/id.ts'
import type { Memory } from '../wire/mind.ts'
import { cleanLine, jsonLine } from './clean.ts'
import { Failed, oneOf, readArgs, UsageError, type ExitCode } from './command.ts'
import { addressOf } from './shelf-access.ts'
import { say, table } from './terminal.ts'

const VERBS = ['list', 'add', 'remove'] as const
/** Enough of an id to tell memories apart. */
const SHORT = 12

/** What is remembered: lists it, or what fits some words; adds to it; forgets. */
export async function memory(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(
    args,
    { json: { type: 'boolean' }, always: { type: 'boolean' }, project: { type: 'string' } },
    100,
  )
  const [given = 'list', ...words] = positionals
  const verb = oneOf(given, VERBS, 'verb of memory')
  const client = connectTo(addressOf(loadConfig()))
  const project = values.project === undefined ? null : await projectNamed(client, values.project)
  if (verb === 'list') {
    const found = await all(client, words.join(' '), project)
    if (values.json === true) say(jsonLine(found))
    else if (found.length === 0) say('Nothing is remembered.')
    else for (const line of table(found.map(rowOf))) say(line)
    return 0
  }
  const text = words.join(' ').trim()
  if (verb === 'add') {
    if (text === '') throw new UsageError('remember what? pkn memory add "We release on Fridays"')
    const made = await client.call('memoriesAdd', { body: { text, project, always: values.always === true } })
    say(values.json === true ? jsonLine(made) : `Remembered: ${made.id.slice(0, SHORT)}`)
    return 0
  }
  if (!/^mem_[0-9a-z]{4,}$/.test(text)) throw new UsageError('forget which? `pkn memory` names them, as mem_…')
  const [one, other] = (await all(client, '', null)).filter(({ id }) => id.startsWith(text))
  if (one === undefined) throw new Failed(`there is no memory ${text}`)
  if (other !== undefined) throw new Failed(`several begin with ${text}; say more of the id`)
  await client.call('memoriesRemove', { params: { memory: one.id } })
  say(`Forgotten: ${cleanLine(one.text)}`)
  return 0
}

const rowOf = ({ id, text, always, project, used }: Memory): string[] => [
  id.slice(0, SHORT),
  `${always ? 'always' : 'where it fits'}${project === null ? '' : ', in a project'}`,
  `used ${used} ×`,
  cleanLine(text),
]

async function all({ call }: Client, q: string, project: ProjectId | null): Promise<Memory[]> {
  const found: Memory[] = []
  let before: string | undefined
  do {
    const query = { limit: 200, project: project ?? ('all' as const), before, ...(q === '' ? {} : { q }) }
    const { memories, next } = await call('memoriesList', { query })
    found.push(...memories)
    before = next ?? undefined
  } while (before !== undefined)
  return found
}

/** By its id or its name. */
export async function projectNamed({ call }: Client, name: string): Promise<ProjectId> {
  const { projects } = await call('projectsList', {})
  const found = projects.find((one) => one.id === name || one.name.toLowerCase() === name.toLowerCase())
  if (found !== undefined) return found.id
  throw new Failed(
    `there is no project "${name}"; there are: ${projects.map((one) => cleanLine(one.name)).join(', ') || 'none'}`,
  )
}
