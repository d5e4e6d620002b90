import type { EventOf } from '../../wire/event.ts'
import { say, sayCount } from '../words/say.ts'

type Guard = Pick<EventOf<'guard'>, 'guard' | 'text'> & { left?: number | null | undefined }

/** What keeps a run from going round in circles did, in the language of the page. */
export function guardWords({ guard, text, left }: Guard): string {
  switch (guard) {
    case 'repeat':
      return say('The same call came again with the same result; the model was told so.')
    case 'malformed':
      if (text.startsWith('No plan came of it')) return say('No plan came of it, so it goes on without one.')
      if (text.startsWith('The answer is not of the form'))
        return say('The answer is not of the form that was asked for.')
      return say('A call could not be read; the model was told what was wrong with it.')
    case 'repaired':
      return say('A call was mended before it was made.')
    case 'steps':
      return left == null ? text : sayCount(left, '1 step is left to this run.', '{n} steps are left to this run.')
    case 'tokens':
      return left == null ? text : sayCount(left, '1 token is left to this run.', '{n} tokens are left to this run.')
    case 'time':
      return left == null
        ? text
        : sayCount(Math.ceil(left / 60_000), '1 minute is left to this run.', '{n} minutes are left to this run.')
  }
}
