import { useLayoutEffect, useRef, type RefObject } from 'react'

/** Where the focus was when what had it was replaced, until it is somewhere again. */
let lost: { place: string; key: string | null } | null = null
const SOMEWHERE = ['focusin', 'keydown', 'pointerdown'] as const
const found = (): void => {
  lost = null
  for (const event of SOMEWHERE) removeEventListener(event, found, true)
}

/**
 * Another version takes the place of one that has the focus: it has it then. `place` is the same for both, and for nothing else on the page. Without that the next
 * key would be nobody's.
 */
export function useKeptFocus<E extends HTMLElement>(place: string): RefObject<E | null> {
  const box = useRef<E>(null)
  useLayoutEffect(() => {
    const here = box.current
    if (here === null) return
    if (lost?.place === place && document.activeElement === document.body) {
      const same = lost.key === null ? null : here.querySelector<HTMLButtonElement>(`[data-key=${lost.key}]:enabled`)
      ;(same ?? here).focus({ preventScroll: true })
    }
    // Called before it is taken away, so that the focus is still known.
    return () => {
      const { activeElement } = document
      if (activeElement === null || !here.contains(activeElement)) return
      lost = { place, key: activeElement.getAttribute('data-key') }
      for (const event of SOMEWHERE) addEventListener(event, found, true)
    }
  }, [place])
  return box
}
