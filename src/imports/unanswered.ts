import type { ArchivedAnswer } from '../wire/archive.ts'
import { newRunId } from '../wire/id.ts'

/** A question always has a run; the one of a question that nobody answered was interrupted before it said a word. */
export const unanswered = (created: string): ArchivedAnswer => ({
  id: newRunId(),
  created,
  answered: created,
  wish: { agent: null, backend: 'local', model: null, priority: 'interactive' },
  text: '',
  agent: null,
  model: null,
  reason: 'interrupted',
  fault: null,
})
