import type { Ask } from './ask.ts'
import type { Resumes } from './answer-reader.ts'

/** What is said already of the answer that is asked for. */
export type Begun = { text: string; thought: string }
/** What stands behind the opening of an answer: that much is read, that much is said again, but not told again. */
export type Resumed = { kept: string; again: string; resumes: Resumes }

/** Parts the conversation from an answer that it breaks off in. */
export function unfinished(messages: Ask['messages']): { messages: Ask['messages']; begun: Begun | null } {
  const last = messages.at(-1)
  if (last?.role !== 'assistant' || (last.tool_calls ?? []).length > 0 || messages.length === 1)
    return { messages, begun: null }
  const begun = { text: last.content, thought: last.reasoning_content ?? '' }
  return { messages: messages.slice(0, -1), begun: begun.text === '' && begun.thought === '' ? null : begun }
}

/**
 * Writes what is said already behind the opening of an answer, as the model would have written it. The last word is not written there but
 * is said again: where it was cut, there is rarely a boundary between two tokens, and behind a token that it would never have written there
 * a model goes on badly.
 */
export function resume(opening: string, begun: Begun): Resumed {
  const harmony = opening.endsWith('<|start|>assistant')
  const open = harmony ? '<|channel|>analysis<|message|>' : '<think>\n'
  const close = harmony ? '<|end|><|start|>assistant<|channel|>final<|message|>' : '\n</think>\n\n'
  const opened = opening.trimEnd().endsWith('<think>')
  const before = begun.thought === '' || opened ? '' : open
  const thought = before + begun.thought
  if (begun.text === '') {
    const [kept, again] = parted(begun.thought)
    return { kept: before + kept, again, resumes: 'thought' }
  }
  const closed = thought !== '' || opened ? thought + close : harmony ? '<|channel|>final<|message|>' : ''
  const [kept, again] = parted(begun.text)
  return { kept: closed + kept, again, resumes: 'text' }
}

/** No more than this is said again of a text that has no white space. */
const LONGEST = 48

/** Cuts the last word off, with the white space around it: tokens rarely reach over the beginning of that. */
function parted(text: string): [kept: string, again: string] {
  const tail = text.slice(-LONGEST)
  const word = tail.search(/\s*\S+\s*$/)
  let at = text.length - tail.length + Math.max(0, word)
  // Not between the two halves of a character.
  if (at > 0 && /[\uDC00-\uDFFF]/.test(text[at] ?? '')) at -= 1
  return [text.slice(0, at), text.slice(at)]
}
