import { didOf } from './did.ts'
import { finishOf, modelOf, remoteOf, textOf, type Draft } from './fold.ts'
import { briefOf } from './recall.ts'

/** What the history keeps of an answer, as its log tells it, but for how it ended. */
export const answerOf = (draft: Draft) => ({
  text: textOf(draft),
  agent: draft.route?.agent ?? null,
  model: modelOf(draft),
  finish: finishOf(draft),
  remote: remoteOf(draft),
  recalled: briefOf(draft.recalls),
  did: didOf(draft.parts),
})
