import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react'

/** Nearer than this to its end, a view is at its end. */
const NEAR = 40

/**
 * Keeps a growing view at its end for as long as the reader is there. The first movement upwards (wheel, touch, key, selection) lets go;
 * coming back to the end, or asking for it, takes hold again. What does not `follow` stays where it is.
 */
export function useFollowEnd(
  box: RefObject<HTMLElement | null>,
  follow: boolean,
): { pinned: boolean; pin: () => void; held: () => boolean } {
  const [pinned, setPinned] = useState(true)
  const holds = useRef(true)
  const follows = useRef(follow)
  useLayoutEffect(() => {
    follows.current = follow
  }, [follow])
  const hold = useCallback((next: boolean) => {
    holds.current = next
    setPinned(next)
  }, [])
  const pin = useCallback(() => {
    hold(true)
    box.current?.scrollTo({ top: box.current.scrollHeight })
  }, [box, hold])
  useEffect(() => {
    const view = box.current
    const inner = view?.firstElementChild
    if (view === null || inner === null || inner === undefined) return
    const rest = () => view.scrollHeight - view.scrollTop - view.clientHeight
    const grown = new ResizeObserver(() => {
      if (holds.current && chosenIn(view)) hold(false)
      if (holds.current && follows.current) view.scrollTop = view.scrollHeight
    })
    grown.observe(inner)
    grown.observe(view)
    const stop = new AbortController()
    const on = { signal: stop.signal, passive: true }
    let top = view.scrollTop
    view.addEventListener(
      'scroll',
      () => {
        const up = view.scrollTop < top - 1
        top = view.scrollTop
        if (rest() <= NEAR) {
          if (!up) hold(true)
        } else if (up) hold(false)
      },
      on,
    )
    view.addEventListener(
      'wheel',
      (event) => {
        if (event.deltaY < 0 && view.scrollHeight > view.clientHeight) hold(false)
      },
      on,
    )
    // Something else than the reader's hand leads away from here.
    view.addEventListener('letgo', () => hold(false), on)
    let touched = 0
    view.addEventListener('touchstart', (event) => (touched = event.touches[0]?.clientY ?? 0), on)
    view.addEventListener(
      'touchmove',
      (event) => {
        if ((event.touches[0]?.clientY ?? 0) > touched + 4) hold(false)
      },
      on,
    )
    view.addEventListener(
      'keydown',
      (event) => {
        if (['PageUp', 'ArrowUp', 'Home'].includes(event.key)) hold(false)
      },
      on,
    )
    document.addEventListener(
      'selectionchange',
      () => {
        // At its very end it is let go of once it grows.
        if (chosenIn(view) && rest() > 0) hold(false)
      },
      on,
    )
    return () => {
      stop.abort()
      grown.disconnect()
    }
  }, [box, hold])
  const held = useCallback(() => holds.current && follows.current && !chosenIn(box.current), [box])
  return { pinned, pin, held }
}

function chosenIn(view: HTMLElement | null): boolean {
  const chosen = document.getSelection()
  return chosen !== null && !chosen.isCollapsed && view?.contains(chosen.anchorNode) === true
}
