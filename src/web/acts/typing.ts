let typed = -Infinity
addEventListener('keydown', () => (typed = performance.now()), { capture: true })

/** Milliseconds since a key was pressed anywhere on the page. */
export const sinceTyped = (): number => performance.now() - typed
