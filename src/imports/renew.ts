import { answerOf } from '../wire/answer-of.ts'
import type { ArchivedAnswer, SessionArchive } from '../wire/archive.ts'
import type { Entry, RunEvent } from '../wire/event.ts'
import { EMPTY, foldAll } from '../wire/fold.ts'
import { newMessageId, newRunId, newSessionId, type RunId, type SessionId } from '../wire/id.ts'
import { logOf } from './log-of.ts'
import type { LeftOut } from './skipped.ts'
import { unanswered } from './unanswered.ts'

/** A session as it is stored: with an id that nobody has yet, and a log for each answer. */
export type Renewed = { id: SessionId; archive: SessionArchive }

/** New ids for everything, so that the same file twice is two sessions, and whole logs; what can't be true of them is told and mended. */
export function renew(archive: SessionArchive, left: LeftOut): Renewed {
  const id = newSessionId()
  const runs = new Map<RunId, RunId>()
  for (const { answers } of archive.turns) for (const answer of answers) runs.set(answer.id, newRunId())
  const known = new Set<RunId>()
  const used = new Set<RunId>()
  const turns = archive.turns.map((turn) => {
    const after = turn.after === null ? null : (runs.get(turn.after) ?? null)
    if (turn.after !== null && (after === null || !known.has(after)))
      left.add('a message follows an answer that is not before it')
    const answers = turn.answers.map((answer) => {
      const named = runs.get(answer.id)
      const run = named === undefined || used.has(named) ? newRunId() : named
      used.add(run)
      return { ...logged(answer, id, runs, left), id: run }
    })
    if (answers.length === 0) answers.push(logged(unanswered(turn.created), id, runs, left))
    const renewed = { ...turn, id: newMessageId(), after: after !== null && known.has(after) ? after : null, answers }
    for (const answer of answers) known.add(answer.id)
    return renewed
  })
  const tip = archive.session.tip === null ? undefined : runs.get(archive.session.tip)
  const shown = tip !== undefined && known.has(tip) ? tip : (turns.at(-1)?.answers.at(-1)?.id ?? null)
  const { title, folder } = archive.session
  const session = {
    ...archive.session,
    tip: shown,
    title: cut(title, 200),
    folder: cut(folder?.trim() ?? '', 100).trim() || null,
  }
  return { id, archive: { ...archive, session, turns } }
}

function logged(answer: ArchivedAnswer, session: SessionId, runs: Map<RunId, RunId>, left: LeftOut): ArchivedAnswer {
  const ended = { ...answer, reason: answer.reason ?? ('interrupted' as const) }
  const entries = answer.entries
  if (entries === undefined) return { ...ended, entries: logOf(ended, session) }
  if (!isWhole(entries) || takesLong(entries)) {
    const why = isWhole(entries) ? 'too long to be read' : 'not whole'
    left.add(`the log of an answer is ${why}, and was made anew from its words`)
    return { ...ended, entries: logOf(ended, session) }
  }
  const ours = entries.map((entry) => ({ ...entry, event: within(entry.event, session, runs) }))
  const draft = foldAll(EMPTY, ours)
  return {
    ...ended,
    // The log is the truth, whatever stands beside it.
    ...answerOf(draft),
    reason: draft.end?.reason ?? 'interrupted',
    fault: draft.end?.fault ?? null,
    entries: ours,
  }
}

/** Not within a character of two units. */
const cut = (text: string, length: number): string => text.slice(0, length).replace(/[\ud800-\udbff]$/, '')

/** 1, 2, 3 …, and the end is the last, and only the last. */
const isWhole = (entries: readonly Entry[]): boolean =>
  entries.length > 0 &&
  entries.every(({ at, event }, i) => at === i + 1 && (event.type === 'run.end') === (i === entries.length - 1))

/** How often a piece of an answer may be copied while its log is folded, which copies all pieces with each event. */
const MOST_COPIES = 100_000_000

function takesLong(entries: readonly Entry[]): boolean {
  let [pieces, copies, last] = [0, 0, '']
  for (const { event } of entries) {
    const goesOn = event.type === 'tool.delta' || (/^(text|thought)\.delta$/.test(event.type) && event.type === last)
    if (!goesOn) pieces++
    last = event.type
    copies += pieces
  }
  return copies > MOST_COPIES
}

function within(event: RunEvent, session: SessionId, runs: ReadonlyMap<RunId, RunId>): RunEvent {
  if (event.type === 'run.start') return { ...event, session }
  if (event.type === 'child.start' || event.type === 'run.continue')
    return { ...event, run: runs.get(event.run) ?? event.run }
  return event
}
