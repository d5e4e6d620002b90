import { newSourceId } from '../../wire/id.ts'
import type { Passage } from '../../wire/recall.ts'
import type { Documents } from '../mind-ports.ts'
import { noDocuments } from './no-documents.ts'

export const passageOf = (path: string, text: string, over: Partial<Passage> = {}): Passage => ({
  source: newSourceId(),
  path,
  from: 1,
  to: text.split('\n').length,
  text,
  by: ['words'],
  ...over,
})

/** Documents of which `find` gives what it is told to; `asked` is what was looked for. */
export function documentsOf(
  find: (text: string, signal: AbortSignal) => readonly Passage[] | Promise<readonly Passage[]>,
) {
  const asked: string[] = []
  const documents: Documents = {
    ...noDocuments,
    find: async (_owner, _project, text, most, signal) => {
      asked.push(text)
      return (await find(text, signal)).slice(0, most)
    },
  }
  return { ...documents, asked }
}
