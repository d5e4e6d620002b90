import type { Page } from 'playwright-core'

/** What is wrong with how the page lies on the screen: two-way scrolling, controls over one another, and such as are too small to hit. */
export const layoutFaults = (page: Page, least: { width: number; height: number }): Promise<string[]> =>
  page.evaluate(async (smallest) => {
    // A new size is told to the page with its next frame.
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
    const faults: string[] = []
    const nameOf = (element: Element): string => {
      const name = element.getAttribute('aria-label') ?? element.textContent
      return `${element.tagName.toLowerCase()} “${name.trim().replace(/\s+/g, ' ').slice(0, 40)}”`
    }
    if (document.documentElement.scrollWidth > innerWidth) faults.push('the page is wider than the window')
    for (const box of document.querySelectorAll('*')) {
      const { overflowY } = getComputedStyle(box)
      if (!/auto|scroll/.test(overflowY) || box.scrollWidth <= box.clientWidth + 1) continue
      // Code, tables, formulas and a waterfall may be wider than what they stand in: they scroll by themselves, within the view.
      if (box.matches('pre, textarea, [role=region], [data-scrolls]') || box.clientHeight >= box.scrollHeight) continue
      faults.push(`scrolls both ways: ${nameOf(box)} (${box.scrollWidth} in ${box.clientWidth})`)
    }
    type Box = { left: number; top: number; right: number; bottom: number }
    /** What of it can be seen, within everything that cuts it off. */
    const seen = (element: Element): Box | null => {
      const own = element.getBoundingClientRect()
      let box: Box = { left: own.left, top: own.top, right: own.right, bottom: own.bottom }
      const cut = (by: Box) => {
        box = {
          left: Math.max(box.left, by.left),
          top: Math.max(box.top, by.top),
          right: Math.min(box.right, by.right),
          bottom: Math.min(box.bottom, by.bottom),
        }
      }
      cut({ left: 0, top: 0, right: innerWidth, bottom: innerHeight })
      for (let up = element.parentElement; up !== null; up = up.parentElement) {
        const { overflowX, overflowY, position } = getComputedStyle(up)
        if (overflowX !== 'visible' || overflowY !== 'visible') cut(up.getBoundingClientRect())
        if (position === 'fixed') break
      }
      return box.right - box.left > 1 && box.bottom - box.top > 1 ? box : null
    }
    const modal = [...document.querySelectorAll('dialog:modal')].at(-1)
    const controls = [
      ...(modal ?? document).querySelectorAll<HTMLElement>(
        'button, a[href], input, select, textarea, summary, [role=button], [role=slider], [role=tab]',
      ),
    ].filter(
      (each) =>
        each.closest('[inert], [aria-hidden=true]') === null &&
        each.checkVisibility({ opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true }) &&
        !each.matches('.sr-only, .sr-only *'),
    )
    const shown = controls.flatMap((each) => {
      const box = seen(each)
      return box === null ? [] : [{ each, box }]
    })
    for (const [i, a] of shown.entries())
      for (const b of shown.slice(i + 1)) {
        if (a.each.contains(b.each) || b.each.contains(a.each)) continue
        const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left)
        const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top)
        if (wide <= 2 || high <= 2) continue
        // A layer over the page may cover what is under it.
        const layer = (element: Element) =>
          element.closest('[popover], dialog, .fixed, .absolute, .sticky, [data-layer]')
        if (layer(a.each) !== layer(b.each)) continue
        faults.push(`${nameOf(a.each)} lies over ${nameOf(b.each)}`)
      }
    for (const { each } of shown) {
      const { width, height } = each.getBoundingClientRect()
      // WCAG 2.5.8 leaves out what stands in a line of text, and what a label makes larger.
      if (getComputedStyle(each).display === 'inline' || each.closest('label, p, td, .prose') !== null) continue
      // What is written into is hit by its whole row.
      if (each.matches('input') && (each.parentElement?.clientHeight ?? 0) >= smallest.height) continue
      if (each.matches('input') && each.closest('div, form')?.querySelector('label') !== null) continue
      if (width < smallest.width - 0.5 || height < smallest.height - 0.5)
        faults.push(`too small: ${nameOf(each)} (${Math.round(width)} × ${Math.round(height)})`)
    }
    return [...new Set(faults)]
  }, least)
