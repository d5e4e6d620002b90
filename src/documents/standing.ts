import type { SourceId } from '../wire/id.ts'
import type { Source } from '../wire/mind.ts'
import type { Summary } from './index-talk.ts'
import type { KeptSource } from './sources-file.ts'

type Known = {
  state: Source['state']
  why: string | null
  done: number
  total: number
  summary: Summary | null
}
const UNSEEN: Known = { state: 'indexing', why: null, done: 0, total: 0, summary: null }

/** What is known of each source now. It is told by the process that indexes, and kept nowhere. */
export function standings() {
  const known = new Map<SourceId, Known>()
  const change = (source: SourceId, change: Partial<Known>) =>
    void known.set(source, { ...(known.get(source) ?? UNSEEN), ...change })
  return {
    began: (source: SourceId) => change(source, { state: 'indexing', why: null, done: 0, total: 0 }),
    progress: (source: SourceId, done: number, total: number) => change(source, { done, total }),
    summary: (summary: Summary) => change(summary.source, { summary }),
    ended: (source: SourceId, state: Source['state'], why: string | null) => {
      const { total } = known.get(source) ?? UNSEEN
      change(source, { state, why, done: total })
    },
    forget: (source: SourceId) => void known.delete(source),
    isMeasured: (sources: readonly SourceId[]) =>
      sources.some((id) => (known.get(id)?.summary?.meaning?.done ?? 0) > 0),
    isUnmeasured: (sources: readonly SourceId[]) =>
      sources.some((id) => {
        const summary = known.get(id)?.summary
        return summary != null && (summary.meaning?.done ?? 0) < summary.passages
      }),
    told: ({ id, project, path }: KeptSource): Source => {
      const { summary, ...seen } = known.get(id) ?? UNSEEN
      return {
        id,
        project,
        path,
        ...seen,
        files: summary?.files ?? 0,
        passages: summary?.passages ?? 0,
        skipped: summary?.skipped ?? [],
        meaning: summary?.meaning ?? null,
        indexed: summary?.indexed == null ? null : new Date(summary.indexed).toISOString(),
      }
    },
  }
}
