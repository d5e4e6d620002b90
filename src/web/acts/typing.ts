let typed = -Infinity
addEventListener(
  'keydown',
  // Whoever has sent something waits for what comes of it.
  ({ key }) => (typed = key === 'Enter' ? -Infinity : performance.now()),
  { capture: true },
)

/** Milliseconds since a key was pressed anywhere on the page. */
export const sinceTyped = (): number => performance.now() - typed
