import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { leastFree } from './sizing.ts'
import type { EngineState } from './state.ts'

/** `limitMs`: without a request for so long the model is given up; 0 is never. */
type Rules = { limitMs: number; memory: () => { free: number; total: number }; broken: (cause: unknown) => void }

const LOOK_MS = 3000

/** Gives the model up when nobody has asked for so long, and sooner when the machine's memory is short. Never while somebody is answered. */
export function whenIdle(state: EngineState, { limitMs, memory, broken }: Rules): void {
  const look = async () => {
    const idleMs = state.idleMs()
    if (idleMs === 0 || state.now() === null) return
    const why = reasonToGiveUp({ idleMs, limitMs, ...memory() })
    if (why !== null && (await state.unload(why))) collect()
  }
  const everyMs = limitMs === 0 ? LOOK_MS : Math.max(100, Math.min(LOOK_MS, limitMs / 4))
  // There is no event for either.
  setInterval(() => void look().catch(broken), everyMs).unref()
}

export function reasonToGiveUp(at: { idleMs: number; limitMs: number; free: number; total: number }): string | null {
  if (at.limitMs > 0 && at.idleMs >= at.limitMs) return `nobody asked for ${Math.round(at.idleMs / 1000)} s`
  // Not at once: between two steps of an agent there is a moment as well.
  if (at.idleMs >= LOOK_MS && at.free < leastFree(at.total))
    return `memory is short: ${Math.round(at.free / 1024 ** 2)} MiB are left`
  return null
}

/** What described the model, its vocabulary above all, would lie about until the next one comes. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('gc')
  if (typeof gc === 'function') gc()
}
