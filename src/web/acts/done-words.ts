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
      return say('Listed {what}', { what })
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
    default:
      return callWords(tool, input)
  }
}
