const MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#3350c0"/><path d="M11 22.5V10h6.2a4.4 4.4 0 0 1 0 8.8H11" fill="none" stroke="#fff" stroke-width="2.8" stroke-linecap="round" stroke-linejoin="round"/><circle cx="24.5" cy="7.5" r="7.5" fill="#fff"/><circle cx="24.5" cy="7.5" r="5.5" fill="#d9480f"/></svg>'

let usual: string | null = null

/** The page's sign has a dot while something waits for a person. */
export function markIcon(waits: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]')
  if (link === null) return
  usual ??= link.href
  const href = waits ? `data:image/svg+xml,${encodeURIComponent(MARK)}` : usual
  if (link.href !== href) link.href = href
}
