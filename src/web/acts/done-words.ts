import { aboutCall, callWords } from '../state/call-words.ts'
import type { Json } from '../../wire/event.ts'
import { say } from '../words/say.ts'

/** What a call has done: "wrote notes.md". */
export function doneWords(tool: string, input: Json): string {
  const what = aboutCall(input)
  switch (tool) {
    case 'read':
      return say('Read {what}', { what })
    case 'write':
      return say('Wrote {what}', { what })
    case 'edit':
      return say('Changed {what}', { what })
    case 'list':
      return what === '' ? say('Listed the folder') : say('Listed {what}', { what })
    case 'glob':
      return say('Looked for files {what}', { what })
    case 'grep':
      return say('Looked for {what}', { what })
    case 'shell':
      return say('Ran {what}', { what })
    case 'fetch':
      return say('Fetched {what}', { what })
    case 'search':
      return say('Searched the web for {what}', { what })
    case 'ask_user':
      return say('Asked you: {what}', { what })
    case 'plan':
      return say('Made a plan')
    case 'undo':
      return say('Undid what was written')
    case 'todo':
      return say('Set the list of what is to be done')
    case 'delegate':
      return say('Handed on “{what}”', { what })
    case 'remember':
      return say('Remembered “{what}”', { what })
    case 'recall':
      return say('Looked up “{what}” in the memory', { what })
    case 'forget':
      return say('Forgot something')
    case 'read_output':
      return say('Read on in a long output')
    case 'shell_output':
      return say('Looked at a running command')
    case 'shell_kill':
      return say('Stopped a running command')
    case 'system':
      return say('Looked at this machine')
    case 'processes':
      return what === '' ? say('Listed the programs that run') : say('Looked for running programs: {what}', { what })
    default:
      return callWords(tool, input)
  }
}
