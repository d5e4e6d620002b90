/** Milliseconds as a person reads them. */
export function lasting(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}

export const counted = (n: number): string => n.toLocaleString('en-US')

/** How fast that was, where the time is known. */
export const perSecond = (tokens: number, ms: number | undefined): string =>
  ms === undefined || ms <= 0 || tokens === 0 ? '' : ` (${(tokens / (ms / 1000)).toFixed(1)} a second)`
