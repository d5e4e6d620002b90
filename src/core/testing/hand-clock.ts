import type { Clock } from '../ports.ts'

/** A clock that stands still until a test moves it. */
export function handClock(): Clock & { move: (ms: number) => void; readonly pending: number } {
  let now = 0
  const calls = new Set<{ at: number; call: () => void }>()
  return {
    wall: () => 1_700_000_000_000 + now,
    now: () => now,
    get pending() {
      return calls.size
    },
    after: (ms, call) => {
      const due = { at: now + ms, call }
      calls.add(due)
      return () => calls.delete(due)
    },
    move: (ms) => {
      const until = now + ms
      for (;;) {
        const [next] = [...calls].filter((c) => c.at <= until).sort((a, b) => a.at - b.at)
        if (!next) break
        now = Math.max(now, next.at)
        calls.delete(next)
        next.call()
      }
      now = until
    },
  }
}
