/** What is under the reader's eye, and where it stands in what scrolls. */
export type Anchor = { element: Element; at: number }

const DEPTH = 8
/** Within one of these, a change of width moves the lines. */
const LINES = 'p, h1, h2, h3, h4, h5, h6, summary'

export const placeIn = (view: HTMLElement, element: Element): number =>
  element.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop

/** The topmost thing that begins in the view; where nothing does, the smallest that reaches over its upper edge. */
export function anchorIn(view: HTMLElement, rows: Iterable<Element>): Anchor | null {
  const { top, bottom } = view.getBoundingClientRect()
  let cut: Element | null = null
  const begins = (among: Iterable<Element>, depth: number): Element | null => {
    for (const one of among) {
      const rect = one.getBoundingClientRect()
      if (rect.height === 0 || rect.bottom <= top + 1) continue
      if (rect.top >= bottom) return null
      if (rect.top >= top) return one
      cut = one
      const part = depth < DEPTH && !one.matches(LINES) ? begins(one.children, depth + 1) : null
      if (part !== null) return part
    }
    return null
  }
  const element = begins(rows, 0) ?? cut
  return element === null ? null : { element, at: placeIn(view, element) }
}
