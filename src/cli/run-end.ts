import { finishOf, modelOf, thoughtOf, type Draft } from '../wire/fold.ts'
import { elapsed } from '../wire/phase-words.ts'
import type { RunId, SessionId } from '../wire/id.ts'
import { citedOf, isMeant, lookedUp, placeOf } from '../wire/sources.ts'
import { answerOf } from './answer-words.ts'
import { clean, cleanLine } from './clean.ts'
import { withFix, type ExitCode } from './command.ts'

/** What there is to say of the end of a run beside its words; null where nothing is. */
export function howItEnded(draft: Draft): { code: ExitCode; note: string | null } {
  const { end } = draft
  if (end === null) return { code: 1, note: null }
  switch (end.reason) {
    case 'done':
      return {
        code: 0,
        note:
          finishOf(draft) === 'length'
            ? 'The answer was cut: the model may write no more at once. Say "continue".'
            : null,
      }
    case 'cancelled': {
      const ms = end.stopped?.ms
      return {
        code: 130,
        note: `Stopped${ms === undefined ? '' : ms < 1000 ? ' at once' : ` after ${elapsed(ms)}`}. What was written is kept.`,
      }
    }
    case 'failed':
    case 'interrupted':
      return { code: 1, note: end.fault === null ? `The run ended: ${end.reason}.` : clean(withFix(end.fault)) }
  }
}

/** The passages that its answer cites, a line each. */
export const sourceLines = (draft: Draft): string[] =>
  citedOf(answerOf(draft), draft.recalls).map(
    (passage) => `[${passage.n}] ${cleanLine(placeOf(passage))}${isMeant(passage) ? ' (found by meaning)' : ''}`,
  )

/** A run that has ended, for a program. */
export const answerJson = (session: SessionId, run: RunId, draft: Draft) => ({
  session,
  run,
  agent: draft.route?.agent ?? null,
  model: modelOf(draft),
  remote: draft.remotes,
  reason: draft.end?.reason ?? null,
  finish: finishOf(draft),
  fault: draft.end?.fault ?? null,
  text: answerOf(draft),
  thought: thoughtOf(draft),
  tools: draft.parts.flatMap((part) =>
    part.kind === 'tool' ? [{ tool: part.tool, input: part.input, ok: part.result?.ok ?? null }] : [],
  ),
  sources: citedOf(answerOf(draft), draft.recalls).map(({ n, source, path, page, from, to, by }) => ({
    n,
    source,
    path,
    ...(page === undefined ? {} : { page }),
    from,
    to,
    by,
  })),
  memories: lookedUp(draft.recalls).memories,
  tokens: {
    input: draft.usage.reduce((n, { input }) => n + input, 0),
    output: draft.usage.reduce((n, { output }) => n + output, 0),
  },
  ms: draft.t,
})
