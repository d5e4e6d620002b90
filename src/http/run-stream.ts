import type { RunLog } from '../core/ports.ts'
import type { Entry, EventOf } from '../wire/event.ts'
import type { FaultData } from '../wire/fault.ts'
import type { Offset, RunId } from '../wire/id.ts'
import { nativeFrames } from '../views/native.ts'
import { Stream } from './caller.ts'

type View = {
  frames: (entries: readonly Entry[]) => string
  /** What is said to a reader whose stream ends before the run does, `t` milliseconds into it; nothing to those who come back by themselves. */
  lost: (fault: FaultData, t: number) => string
  /** What is said in silence of the phase that is on. */
  quiet?: (phase: EventOf<'phase'>) => string
}
const NATIVE: View = { frames: nativeFrames, lost: () => '' }

/** A run's log after `after`, shown through a view. */
export function runStream(log: RunLog, run: RunId, after: Offset, { frames, lost, quiet }: View = NATIVE): Stream {
  let last: Entry | undefined
  let phase: EventOf<'phase'> | null = null
  return new Stream({
    async *text(signal) {
      for await (const entries of log.read(run, after, signal)) {
        last = entries.at(-1)
        for (const { event } of entries) if (event.type === 'phase') phase = event
        yield frames(entries)
      }
    },
    lost: (fault) => (last?.event.type === 'run.end' ? '' : lost(fault, last?.t ?? 0)),
    ...(quiet ? { quiet: () => phase && quiet(phase) } : {}),
    headers: { 'x-pkn-run': run, location: `/v1/runs/${run}/events` },
  })
}
