import type { Embedder } from '../core/ports.ts'
import { orAborted } from './embed.ts'

/** The same model; a question that several want measured at the same time is measured once. */
export function sharedQuestions(embedder: Embedder): Embedder {
  const asked = new Map<string, Promise<readonly Float32Array[]>>()
  return {
    model: (signal) => embedder.model(signal),
    async embed(texts, what, signal) {
      const [text] = texts
      if (what !== 'question' || texts.length !== 1 || text === undefined) return embedder.embed(texts, what, signal)
      const going = asked.get(text)
      if (going !== undefined) {
        const shared = await orAborted(going, signal).catch(() => null)
        if (shared !== null) return shared
        // Who asked first may have left.
        signal.throwIfAborted()
      }
      const work = embedder.embed(texts, what, signal)
      asked.set(text, work)
      return work.finally(() => {
        if (asked.get(text) === work) asked.delete(text)
      })
    },
  }
}
