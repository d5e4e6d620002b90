import type { MessageRow, PathRow, RunRow } from './changes.ts'
import { placeOf, type Disk } from './memory-disk.ts'
import { Refusal } from './refusal.ts'

/** The question of a run, where it stands on the path to that run. */
export function asked(disk: Disk, run: Pick<RunRow, 'id' | 'message'>): PathRow {
  const message = disk.messages.get(run.message)!
  return {
    ...message,
    run: run.id,
    runs: disk.runs.in('message', message.id).map((r) => r.id),
    siblings: disk.messages.in('after', placeOf(message.session, message.after)).map((m) => m.id),
    attachments: (disk.attached.get(message.id) ?? []).map((id) => {
      const { name, type, bytes } = disk.attachments.get(id)!
      return { id, name, type, bytes }
    }),
  }
}

export const answerOf = (disk: Disk, run: string): MessageRow | undefined => disk.messages.in('answer', run)[0]

/** Up from the answer of `run`, or from its question, newest first. */
export function* upFrom(disk: Disk, run: string, from: 'answer' | 'question'): Generator<PathRow, void> {
  let next = disk.runs.get(run)
  let whole = from === 'answer'
  while (next !== undefined) {
    const answer = whole ? answerOf(disk, next.id) : undefined
    if (answer !== undefined) yield { ...answer, runs: [], siblings: [], attachments: [] }
    const question = asked(disk, next)
    yield question
    whole = true
    next = question.after === null ? undefined : disk.runs.get(question.after)
  }
}

/** Every run below this one came after it, so the newest of all is a leaf. */
export function newestBelow(disk: Disk, session: string, tip: string): string {
  const runs = disk.runs.in('session', session)
  const from = runs.filter((run) => run.id === tip || run.message === tip)
  if (from.length === 0) throw new Refusal('run.missing', tip)
  const below = new Set(from.map(({ id }) => id))
  // What a run follows came before it.
  for (const run of runs) {
    const after = disk.messages.get(run.message)?.after ?? null
    if (after !== null && below.has(after)) below.add(run.id)
  }
  return [...below].at(-1)!
}
