import type { Json } from '../../wire/event.ts'
import { say } from '../words/say.ts'

/** The parts of an input that say what it is about, the likeliest first. */
const ABOUT = [
  'path',
  'command',
  'url',
  'query',
  'pattern',
  'question',
  'task',
  'text',
  'name',
  'output',
  'id',
] as const
const MOST = 120

/** What a call is about, in one line; as the model wrote it, and no longer than a line. */
export function aboutCall(input: Json): string {
  if (input === null || typeof input !== 'object') return oneLine(String(input ?? ''))
  const held = new Map(Object.entries(input))
  const named = ABOUT.map((name) => held.get(name)).find((value) => typeof value === 'string' && value !== '')
  if (typeof named === 'string') return oneLine(named)
  return oneLine(
    Object.values(input)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
      .join(' '),
  )
}

/** What it is to do: "write notes.md". Tools that PKN does not bring are called by their names. */
export const callWords = (tool: string, input: Json): string => worded(tool, aboutCall(input)).trim()

function worded(tool: string, what: string): string {
  switch (tool) {
    case 'read':
      return say('read {what}', { what })
    case 'write':
      return say('write {what}', { what })
    case 'edit':
      return say('change {what}', { what })
    case 'list':
      return say('list {what}', { what })
    case 'glob':
      return say('look for files {what}', { what })
    case 'grep':
      return say('look for {what}', { what })
    case 'shell':
      return say('run {what}', { what })
    case 'fetch':
      return say('fetch {what}', { what })
    case 'search':
      return say('search the web for {what}', { what })
    case 'ask_user':
      return say('ask you: {what}', { what })
    case 'todo':
      return say('set the list of what is to be done')
    case 'plan':
      return say('begin with a plan')
    case 'undo':
      return say('undo what was written')
    default:
      return `${oneLine(tool)} ${what}`
  }
}

// oxlint-disable-next-line no-control-regex -- these very characters are looked for
const UNSEEN = /[\u0000-\u001F\u007F-\u009F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u206F\uFEFF]+/g

const oneLine = (text: string): string => {
  const line = text
    .slice(0, 4 * MOST)
    .replaceAll(UNSEEN, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return line.length > MOST ? `${line.slice(0, MOST - 1)}…` : line
}
