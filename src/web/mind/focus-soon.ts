import type { RefObject } from 'react'

/** The first button there gets the focus once it is drawn: what had it is gone with a form. */
export function focusSoon(within: RefObject<HTMLElement | null>, which = 'button'): void {
  requestAnimationFrame(() => within.current?.querySelector<HTMLElement>(which)?.focus())
}
