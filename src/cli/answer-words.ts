import type { Draft } from '../wire/fold.ts'

/** The words of the answer so far: those of each step, with a line between where an agent worked in between. */
export function answerOf({ parts }: Draft): string {
  let text = ''
  let step = 0
  for (const part of parts) {
    if (part.kind !== 'text' || part.text === '') continue
    if (text !== '' && part.step !== step) text = `${text.replace(/\n+$/, '')}\n\n`
    text += part.text
    step = part.step
  }
  return text
}

/**
 * What of an answer is new each time that it is asked; or that it began again, because a step that had said something was discarded: then all of
 * it is new.
 */
export function newWords(): (draft: Draft) => { again: boolean; words: string } {
  let told = ''
  return (draft) => {
    const now = answerOf(draft)
    const again = !now.startsWith(told)
    const words = again ? now : now.slice(told.length)
    told = now
    return { again, words }
  }
}
