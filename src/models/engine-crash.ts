import type { Clock, LocalEngine } from '../core/ports.ts'
import { fault, type FaultData } from '../wire/fault.ts'

/** The engine's exit is learnt a moment after its socket closed. */
const WAITS_MS = [0, 30, 100, 300]

/** The fault that its reader saw at the engine, told as a crash if the engine's process ended by itself. */
export async function asCrash(seen: FaultData, engine: LocalEngine, clock: Clock): Promise<FaultData> {
  if (seen.code !== 'engine.cut' && seen.code !== 'engine.unreachable') return seen
  for (const ms of WAITS_MS) {
    await new Promise<void>((resolve) => clock.after(ms, resolve))
    const why = engine.crashed()
    if (why !== null) return fault('engine.crashed', { what: why })
  }
  return seen
}
