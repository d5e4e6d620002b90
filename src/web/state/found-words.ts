import type { Recalled } from '../../wire/recall.ts'
import { say } from '../words/say.ts'

type By = NonNullable<Recalled['memories'][number]['by']>

/** Why something was told; null where it is not known. */
export function foundWords(by: Readonly<By> | undefined): string | null {
  if (by === undefined || by.length === 0) return null
  if (by.includes('always')) return say('Always told')
  if (!by.includes('meaning')) return say('Found by its words')
  return by.includes('words') ? say('Found by its words and its meaning') : say('Found by its meaning')
}
