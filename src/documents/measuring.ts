import { complaints } from '../complaints.ts'
import type { Embedder, Say } from '../core/ports.ts'

/** A question waits no longer than this for a model that is slow, or is loaded only now: words find what they find. */
const QUESTION_MS = 1000
const PASSAGES_MS = 180_000
const LONGEST = 4000

type Options = { embedder: Embedder; quiet: () => Promise<void>; say: Say; stop: AbortSignal }

/** The embedding model, as documents use it: none, or one that fails, leaves everything else as it is. */
export function measuring({ embedder, quiet, say, stop }: Options) {
  const complain = complaints(say, stop)

  return {
    model: async (): Promise<string | null> => (await embedder.model(stop))?.name ?? null,
    passages: async (
      texts: readonly string[],
      what: 'question' | 'passage',
    ): Promise<readonly Float32Array[] | null> => {
      await quiet()
      try {
        const vectors = await embedder.embed(texts, what, AbortSignal.any([stop, AbortSignal.timeout(PASSAGES_MS)]))
        complain.isWell()
        return vectors
      } catch (cause) {
        complain.of(cause, 'Documents are found by words alone for now')
        return null
      }
    },
    question: async (text: string, signal: AbortSignal): Promise<Float32Array | null> => {
      try {
        const left = AbortSignal.any([stop, signal, AbortSignal.timeout(QUESTION_MS)])
        const [vector] = await embedder.embed([text.slice(0, LONGEST)], 'question', left)
        return vector ?? null
      } catch (cause) {
        if (!signal.aborted) complain.of(cause, 'A question was looked up by its words alone')
        return null
      }
    },
  }
}
