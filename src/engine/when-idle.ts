import { leastFree } from './sizing.ts'
import type { EngineState } from './state.ts'

type Machine = {
  total: number
  free: () => number
  /** 0 is never. */ idleMs: number
  broken: (cause: unknown) => void
}

const LOOK_MS = 3000

/** Gives the model up when nobody has asked for so long, and sooner when the machine's memory is short. Never while somebody is answered. */
export function whenIdle(state: EngineState, { total, free, idleMs, broken }: Machine): void {
  const look = async () => {
    const idle = state.idleMs()
    if (idle === 0 || state.now() === null) return
    const left = free()
    if (idleMs > 0 && idle >= idleMs) await state.unload(`nobody asked for ${Math.round(idle / 1000)} s`)
    else if (idle >= LOOK_MS && left < leastFree(total))
      await state.unload(`memory is short: ${Math.round(left / 1024 ** 2)} MiB are left`)
  }
  // There is no event for either.
  setInterval(
    () => void look().catch(broken),
    Math.max(200, Math.min(LOOK_MS, idleMs === 0 ? LOOK_MS : idleMs / 4)),
  ).unref()
}
