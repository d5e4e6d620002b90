/** Tells when waiting on is pointless: the page became visible, the network came back, a person asked. Returns how to stop telling. */
export type Wake = (ring: () => void) => () => void

/** How long to wait before attempt 1, 2, 3, ...: at once, then longer, with jitter, so that many readers don't come back in step. */
export function backoffMs(attempt: number, random: () => number): number {
  const base = [0, 500, 1000, 2000, 3500][attempt - 1] ?? 5000
  return base * (0.8 + 0.4 * random())
}

/** Resolves after `ms`, or at once when woken or aborted. */
export function pause(ms: number, wake: Wake | undefined, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(resolve, ms)
  const sleepOn = wake?.(resolve)
  signal.addEventListener('abort', () => resolve(), { once: true })
  return promise.finally(() => {
    clearTimeout(timer)
    sleepOn?.()
  })
}
