import { LogConflict, StopAsked } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import type { RunId } from '../wire/id.ts'
import type { ArgsOf, Batch, ChangeName } from './changes.ts'
import type { Refusal } from './refusal.ts'

/** A refusal as the port tells it. `lost` is called where the claim is another's by now. */
export function refused(cause: Refusal, args: ArgsOf<ChangeName>, lost: (run: string, epoch: number) => void): Error {
  const { code, what } = cause
  switch (code) {
    case 'session.missing':
      return new Fault(code, { session: what }, { cause })
    case 'run.missing':
    case 'run.open':
    case 'run.empty':
      return new Fault(code, { run: what }, { cause })
    case 'project.missing':
      return new Fault(code, { project: what }, { cause })
    case 'memory.missing':
      return new Fault(code, { memory: what }, { cause })
    case 'project.many':
    case 'memory.many':
    case 'snippet.many':
      return new Fault(code, { most: what }, { cause })
    case 'attachment.missing':
      return new Fault(code, { attachment: what }, { cause })
    case 'message.missing':
    case 'message.begun':
    case 'message.conflict':
      return new Fault(code, { message: what }, { cause })
    case 'key.conflict':
      return new Fault(code, { key: what }, { cause })
    case 'ask.missing':
    case 'ask.answered':
    case 'ask.over':
      return new Fault(code, { ask: what }, { cause })
    case 'child.late':
    case 'child.deep':
    case 'child.many':
      return new Fault(code, { what }, { cause })
    case 'run.cancelled':
      return new StopAsked((args as Batch).run as RunId) // only what ends or parks a run is refused so
    case 'log.lost':
    case 'log.offset': {
      const { run, epoch } = args as Batch // only changes under a fence are refused so
      if (code === 'log.lost') lost(run, epoch)
      return new LogConflict(run as RunId, what)
    }
  }
}
