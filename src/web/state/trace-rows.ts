import type { Phase } from '../../wire/event.ts'
import type { Draft } from '../../wire/fold.ts'

export type TraceRow = {
  id: string
  name: string
  kind: 'run' | 'route' | 'tool' | 'child' | Phase
  level: 1 | 2 | 3
  from: number
  /** Null while it goes on. */
  to: number | null
  failed: boolean
  note: string | null
}

export const PHASE_NAMES: Record<Phase, string> = {
  queued: 'Waiting in line',
  starting: 'Starting',
  loading: 'Loading model',
  reading: 'Reading prompt',
  thinking: 'Thinking',
  answering: 'Writing',
  calling: 'Using tools',
  asking: 'Waiting for you',
  saving: 'Saving',
}

/** The waterfall: the run, then what it did in the order of its beginning. Times are milliseconds since the run began. */
export function traceRows(draft: Draft): TraceRow[] {
  const end = draft.end === null ? null : draft.t
  const failed = draft.end?.reason === 'failed'
  const rows: TraceRow[] = [
    { id: 'run', name: 'Run', kind: 'run', level: 1, from: 0, to: end, failed, note: draft.end?.fault?.code ?? null },
  ]
  if (draft.route !== null) {
    const to = draft.phases[0]?.since ?? draft.steps[0]?.from ?? draft.t
    rows.push({
      id: 'route',
      name: 'Routing',
      kind: 'route',
      level: 2,
      from: 0,
      to,
      failed: false,
      note: draft.route.title,
    })
  }
  const inside: TraceRow[] = draft.phases.map((phase, i) => ({
    id: `phase ${i}`,
    name: phase.phase === 'starting' && phase.model === undefined ? 'Asking the model' : PHASE_NAMES[phase.phase],
    kind: phase.phase,
    level: 2,
    from: phase.since,
    to: draft.phases[i + 1]?.since ?? end,
    failed: false,
    note: phase.model ?? null,
  }))
  for (const [i, part] of draft.parts.entries()) {
    if (part.kind === 'tool')
      inside.push({
        id: `part ${i}`,
        name: part.tool,
        kind: 'tool',
        level: 3,
        from: part.from,
        to: part.result === null ? end : part.to,
        failed: part.result?.ok === false,
        note: null,
      })
    if (part.kind === 'child')
      inside.push({
        id: `part ${i}`,
        name: part.agent,
        kind: 'child',
        level: 3,
        from: part.from,
        to: end,
        failed: false,
        note: null,
      })
  }
  return [...rows, ...inside.sort((a, b) => a.from - b.from || a.level - b.level)]
}
