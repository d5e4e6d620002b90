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
      return what === '' ? say('list the folder') : say('list {what}', { what })
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
    case 'delegate':
      return say('hand on “{what}”', { what })
    case 'remember':
      return say('remember “{what}”', { what })
    case 'recall':
      return say('look up “{what}” in the memory', { what })
    case 'forget':
      return say('forget something')
    case 'read_output':
      return say('read on in a long output')
    case 'shell_output':
      return say('look at a running command')
    case 'shell_kill':
      return say('stop a running command')
    case 'system':
      return say('look at this machine')
    case 'processes':
      return what === '' ? say('list the programs that run') : say('look for running programs: {what}', { what })
    default:
      return `${oneLine(tool)} ${what}`
  }
}

/** What a tool does, where it is spoken of as such: "writing files". Tools that PKN does not bring are called by their names. */
export function toolWords(tool: string): string {
  switch (tool) {
    case 'read':
      return say('reading files')
    case 'write':
      return say('writing files')
    case 'edit':
      return say('changing files')
    case 'undo':
      return say('undoing what was written')
    case 'list':
      return say('listing folders')
    case 'glob':
      return say('looking for files')
    case 'grep':
      return say('searching in files')
    case 'shell':
      return say('running commands')
    case 'shell_output':
      return say('looking at running commands')
    case 'shell_kill':
      return say('stopping running commands')
    case 'fetch':
      return say('fetching pages')
    case 'search':
      return say('searching the web')
    case 'delegate':
      return say('handing on tasks')
    case 'remember':
      return say('remembering things')
    case 'forget':
      return say('forgetting things')
    case 'recall':
      return say('looking into the memory')
    case 'system':
      return say('looking at this machine')
    case 'processes':
      return say('listing running programs')
    default:
      return oneLine(tool)
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
