import type { Guarded } from '../../wire/fold.ts'
import { guardWords } from '../state/guard-words.ts'
import { Note } from '../view/note.tsx'

/** Quiet remarks: what was kept from going wrong, and what is nearly used up. What was mended needs no word here; the story tells it. */
export function Guards({ guards }: { guards: readonly Guarded[] }) {
  return guards
    .filter(({ guard }) => guard !== 'repaired')
    .map((guarded) => (
      <Note key={`${guarded.t} ${guarded.guard}`} icon="warn">
        <span title={guarded.text}>{guardWords(guarded)}</span>
      </Note>
    ))
}
