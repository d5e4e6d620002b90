/** So long what is asked for may take to be drawn. */
const MOST_MS = 3000

/**
 * What was pressed stays where it is in the view while what stands above it in its turn is exchanged for something higher or lower, until the
 * reader moves. It may be drawn anew meanwhile: `selector` finds it in the turn.
 */
export function keepInPlace(pressed: Element, selector: string): void {
  const log = pressed.closest('[role=log]')
  const turn = pressed.closest('[data-turn]')
  if (log === null || turn === null) return
  const find = () => turn.querySelector(selector)?.getBoundingClientRect().top
  const top = find()
  if (top === undefined) return
  if (log.scrollHeight > log.clientHeight) log.dispatchEvent(new Event('letgo'))
  const grown = new ResizeObserver(() => {
    const now = find()
    if (now !== undefined) log.scrollTop += now - top
  })
  grown.observe(turn)
  const stop = new AbortController()
  const end = () => {
    grown.disconnect()
    stop.abort()
    clearTimeout(timer)
  }
  const timer = setTimeout(end, MOST_MS)
  for (const event of ['wheel', 'touchstart', 'pointerdown', 'keydown'])
    document.addEventListener(event, end, { signal: stop.signal, passive: true })
}
