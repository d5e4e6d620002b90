import { resolve } from 'node:path'
import { connectTo, type Client } from '../client/client.ts'
import { loadConfig } from '../config.ts'
import type { Source } from '../wire/mind.ts'
import type { Passage } from '../wire/recall.ts'
import { cleanLine, jsonLine } from './clean.ts'
import { Failed, oneOf, readArgs, UsageError, type ExitCode } from './command.ts'
import { projectNamed } from './memory.ts'
import { addressOf } from './shelf-access.ts'
import { bold, grey, say, table } from './terminal.ts'

const VERBS = ['list', 'add', 'remove', 'look', 'search'] as const
const SHORT = 12
const MOST_SKIPPED = 5

/** Folders and files that answers can rest on: lists, adds, removes, searches. */
export async function documents(args: string[]): Promise<ExitCode> {
  const { values, positionals } = readArgs(args, { json: { type: 'boolean' }, project: { type: 'string' } }, 100)
  const [given = 'list', ...words] = positionals
  const verb = oneOf(given, VERBS, 'verb of documents')
  const client = connectTo(addressOf(loadConfig()))
  const { call } = client
  const json = values.json === true
  const project = values.project === undefined ? undefined : await projectNamed(client, values.project)
  switch (verb) {
    case 'list': {
      const { sources } = await call('sourcesList', { query: { project: project ?? 'all' } })
      if (json) say(jsonLine(sources))
      else if (sources.length === 0) say('Nothing is indexed. pkn documents add PATH')
      else for (const source of sources) tell(source)
      return 0
    }
    case 'add': {
      const [path] = words
      if (path === undefined || words.length > 1) throw new UsageError('index what? pkn documents add ~/notes')
      const source = await call('sourcesAdd', { body: { path: resolve(path), project: project ?? null } })
      say(json ? jsonLine(source) : `It is being indexed: ${source.id.slice(0, SHORT)} ${cleanLine(source.path)}`)
      return 0
    }
    case 'remove':
    case 'look': {
      const { id, path } = await sourceNamed(client, words.join(' '))
      if (verb === 'remove') await call('sourcesRemove', { params: { source: id } })
      else await call('sourcesIndex', { params: { source: id }, body: {} })
      say(verb === 'remove' ? `Its index is gone: ${cleanLine(path)}` : `It is looked at: ${cleanLine(path)}`)
      return 0
    }
    case 'search': {
      const q = words.join(' ').trim()
      if (q === '') throw new UsageError('search for what? pkn documents search "how to drain the pump"')
      const { passages } = await call('documentsSearch', { query: { q, limit: 8, project } })
      if (json) say(jsonLine(passages))
      else if (passages.length === 0) say('Nothing fits.')
      else for (const passage of passages) show(passage)
      return 0
    }
  }
}

function tell({ id, path, state, done, total, files, passages, skipped, meaning, why, project }: Source): void {
  const far = state === 'indexing' && total > 0 ? ` ${done} of ${total}` : ''
  const measured = meaning === null ? '' : `, ${meaning.done} by meaning (${cleanLine(meaning.model)})`
  const held = `${many(files, 'file')}, ${many(passages, 'passage')}${measured}`
  say(`${id.slice(0, SHORT)}  ${bold(cleanLine(path))}${project === null ? '' : grey('  in a project')}`)
  say(`  ${state}${far}: ${held}${why === null ? '' : `. ${cleanLine(why)}`}`)
  const shown = skipped.slice(0, MOST_SKIPPED).map((one) => [grey('left out'), cleanLine(one.path), cleanLine(one.why)])
  for (const line of table(shown, '  ')) say(line)
  if (skipped.length > MOST_SKIPPED) say(grey(`  and ${skipped.length - MOST_SKIPPED} more; --json has them`))
}

const many = (n: number, one: string): string => `${n.toLocaleString('en-US')} ${n === 1 ? one : `${one}s`}`

function show({ path, page, from, to, text, by }: Passage): void {
  const place = `${cleanLine(path)}${page === undefined ? '' : `, page ${page}`}:${from}${to > from ? `-${to}` : ''}`
  say(`${bold(place)} ${grey(by.join(' and '))}`)
  for (const line of text.split('\n').slice(0, 4)) say(`  ${cleanLine(line)}`)
}

async function sourceNamed({ call }: Client, begin: string): Promise<Source> {
  if (!/^src_[0-9a-z]{4,}$/.test(begin)) throw new UsageError('which? `pkn documents` names them, as src_…')
  const { sources } = await call('sourcesList', { query: { project: 'all' } })
  const [one, other] = sources.filter(({ id }) => id.startsWith(begin))
  if (one === undefined) throw new Failed(`nothing is indexed as ${begin}`)
  if (other !== undefined) throw new Failed(`several begin with ${begin}; say more of the id`)
  return one
}
