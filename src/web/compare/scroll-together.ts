import { useEffect, type RefObject } from 'react'

/** While it is wanted, what is scrolled in one column is scrolled in the others: by the same share, since they are not equally long. */
export function useScrollTogether(row: RefObject<HTMLElement | null>, wanted: boolean): void {
  useEffect(() => {
    const box = row.current
    if (box === null || !wanted) return
    let moved: Element | null = null
    // Only the column under the hand leads; what follows it scrolls as well, and must not lead back.
    const lead = (event: Event) => {
      moved = event.target instanceof Element ? event.target.closest('[data-column]') : null
    }
    const follow = (event: Event) => {
      const from = event.target
      if (!(from instanceof HTMLElement) || from !== moved) return
      const share = from.scrollTop / Math.max(1, from.scrollHeight - from.clientHeight)
      for (const other of box.querySelectorAll<HTMLElement>('[data-column]'))
        if (other !== from) other.scrollTop = share * (other.scrollHeight - other.clientHeight)
    }
    const stop = new AbortController()
    const on = { signal: stop.signal, passive: true, capture: true }
    for (const hand of ['wheel', 'touchstart', 'pointerdown', 'keydown', 'focusin'])
      box.addEventListener(hand, lead, on)
    box.addEventListener('scroll', follow, on)
    return () => stop.abort()
  }, [row, wanted])
}
