import type { Draft } from '../wire/fold.ts'
import { bound } from './bound.ts'
import type { Chosen, Clock, Continues, TurnMessage } from './ports.ts'

/** What a step has said already. */
export type Said = { thought: string; text: string }
/** `start`: from nothing. `prefill`: the model takes up `said` as its own words. `shown`: it is shown its text, and told to go on. */
export type Way = { by: 'start' } | { by: 'prefill' | 'shown'; said: Said }

/** How long a backend is asked what it can go on from. */
const ASK_MS = 2000
/** How much of its end a model is told to say again, so that the seam can be found. */
const MOST_TAIL = 60

export function saidIn(draft: Draft, step: number): Said {
  const said = { thought: '', text: '' }
  for (const part of draft.parts)
    if (part.step === step && (part.kind === 'text' || part.kind === 'thought')) said[part.kind] += part.text
  return said
}

/** The same thought and text is no further; a text goes before every thought. */
export const further = (a: Said, b: Said): boolean =>
  a.text.length > b.text.length || (a.text.length === b.text.length && a.thought.length > b.thought.length)

/** How a step that has said something goes on at this endpoint. A thought alone that can't be taken up is thought again. */
export async function wayOn(
  said: Said,
  chosen: Chosen,
  given: { prefill: boolean; clock: Clock; stop: AbortSignal },
): Promise<Way> {
  const { thought, text } = said
  if (text.trim() === '' && thought.trim() === '') return { by: 'start' }
  const nothing: Continues = { text: false, thought: false }
  const can = given.prefill
    ? await bound((signal) => chosen.continues(signal), nothing, { ...given, ms: ASK_MS })
    : nothing
  if (text.trim() === '') return can.thought ? { by: 'prefill', said: { thought, text: '' } } : { by: 'start' }
  if (can.text) return { by: 'prefill', said: { thought: can.thought ? thought : '', text } }
  return { by: 'shown', said: { thought: '', text } }
}

/** What the model is shown after the question where it can't be given its own words to go on from. */
export const shownAgain = ({ text }: Said): TurnMessage[] => [
  { role: 'assistant', text },
  {
    role: 'user',
    text: `Your answer was cut off there. Go on from exactly that place: first write its last words again, which are "${tailOf(text)}", and then what follows them. Repeat nothing else, and do not speak of the interruption.`,
  },
]

function tailOf(text: string): string {
  const line = text.trimEnd().split('\n').at(-1)!
  const tail = line
    .split(/(?<=\s)(?=\S)/)
    .slice(-6)
    .join('')
  return tail.slice(-MOST_TAIL)
}
