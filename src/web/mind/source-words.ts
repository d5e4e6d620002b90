import type { Source } from '../../wire/mind.ts'
import { say, sayCount } from '../words/say.ts'

/** How a source is, in a sentence. */
export function sourceWords({ state, done, total, files, passages, why, meaning }: Source): string {
  switch (state) {
    case 'indexing':
      return total === 0 ? say('Looking what is there…') : say('Reading: {done} of {total} files', { done, total })
    case 'failed':
      return say('It could not be read: {why}', { why: why ?? '' })
    case 'missing':
      return say('Nothing is there any more. What was read before is still found.')
    case 'ready': {
      const there = sayCount(files, '1 file', '{n} files', {})
      const pieces = sayCount(passages, '1 passage', '{n} passages', {})
      const both = `${there}, ${pieces}`
      if (meaning === null) return both
      return meaning.done < passages
        ? `${both} · ${say('also by meaning: {done} of {total}', { done: meaning.done, total: passages })}`
        : `${both} · ${say('also by meaning, with {model}', { model: meaning.model })}`
    }
  }
}
