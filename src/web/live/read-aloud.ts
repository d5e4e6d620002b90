import { textOf } from '../../wire/fold.ts'
import { isLive, type RunView } from '../state/run-view.ts'
import { newSentences } from '../state/sentences.ts'
import type { Cell } from './cell.ts'

/** A screen reader drops what is replaced before it was spoken; so much time a text is given. */
const CHARACTER_MS = 60
const LEAST_MS = 1200

/** Tells the sentences of an answer from its beginning, one batch after the other; an empty text at its end. Returns how to leave it. */
export function readAloud(view: Cell<RunView>, tell: (text: string) => void): () => void {
  let to = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const next = () => {
    if (timer !== undefined) return
    const text = textOf(view.get().draft)
    const over = !isLive(view.get())
    // An attempt that failed takes its words back.
    const step = newSentences(text, Math.min(to, text.length), over)
    to = step.to
    if (step.words !== '') {
      tell(step.words)
      timer = setTimeout(
        () => {
          timer = undefined
          next()
        },
        Math.max(LEAST_MS, step.words.length * CHARACTER_MS),
      )
    } else if (over) tell('')
  }
  const off = view.on(next)
  next()
  return () => {
    off()
    clearTimeout(timer)
  }
}
