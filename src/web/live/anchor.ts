/** What is under the reader's eye, and where it stands in what scrolls. */
export type Anchor = { element: Element; at: number }

const DEPTH = 8

export const placeIn = (view: HTMLElement, element: Element): number =>
  element.getBoundingClientRect().top - view.getBoundingClientRect().top + view.scrollTop

/** The topmost thing that begins in the view; of one that reaches over its upper edge, a part of it. */
export function anchorIn(view: HTMLElement, rows: Iterable<Element>): Anchor | null {
  const { top, bottom } = view.getBoundingClientRect()
  const within = (among: Iterable<Element>): Element | null => {
    for (const one of among) {
      const rect = one.getBoundingClientRect()
      if (rect.height > 0 && rect.bottom > top + 1) return rect.top < bottom ? one : null
    }
    return null
  }
  let element = within(rows)
  if (element === null) return null
  for (let depth = 0; depth < DEPTH && element.getBoundingClientRect().top < top; depth++) {
    const part: Element | null = within(element.children)
    if (part === null) break
    element = part
  }
  return { element, at: placeIn(view, element) }
}
