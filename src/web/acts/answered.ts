import type { Asked } from '../../wire/fold.ts'
import { say } from '../words/say.ts'

/** Who answered a question, and what; null while it is open. */
export function answeredWords({ allow, by, scope, reason, input, text }: Asked): string | null {
  if (allow === null) return null
  if (by === 'time') return say('Nobody answered in time, so it counts as denied.')
  if (by === 'stop') return say('The run was stopped before you answered.')
  if (!allow)
    return reason === undefined || reason === '' ? say('You denied it.') : say('You denied it: {reason}', { reason })
  if (text !== undefined) return say('You answered: {text}', { text })
  if (input !== undefined) return say('You changed it, and allowed it like this.')
  return scope === 'session' ? say('You allowed it, and what is like it, in this chat.') : say('You allowed it once.')
}
