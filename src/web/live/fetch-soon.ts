/** Fetches parts of the page one after the other, each when there is nothing else to do: so they are there when they are wanted, also offline. */
export function fetchSoon(parts: readonly (() => Promise<unknown>)[]): void {
  const [next, ...rest] = parts
  if (next === undefined) return
  // What can't be had now is asked for again when it is wanted, and said to be missing then.
  const goOn = () => fetchSoon(rest)
  whenIdle(() => void next().then(goOn, goOn))
}

function whenIdle(call: () => void): void {
  // Safari knows no idle time before its version 26.4.
  if ('requestIdleCallback' in globalThis) requestIdleCallback(call)
  else setTimeout(call, 500)
}
