import type { Recalled } from '../../wire/recall.ts'
import { say, sayCount } from '../words/say.ts'

/** What was looked up, in a sentence. */
export function recallWords({ memories, passages }: Recalled): string {
  const m = memories.length === 0 ? '' : sayCount(memories.length, '1 memory', '{n} memories', {})
  const p = passages.length === 0 ? '' : sayCount(passages.length, '1 passage', '{n} passages', {})
  if (m === '' && p === '') return say('Nothing that fits was found in memories and documents.')
  if (p === '') return say('Used: {what}.', { what: m })
  return m === ''
    ? say('Used: {what}.', { what: p })
    : say('Used: {memories} and {passages}.', { memories: m, passages: p })
}
