/** The rows of the list that are shown, from top to bottom. */
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[data-row]')]

/** Who has the focus when this row is gone: the one below it, or above if it was the last. */
export function nextRow(row: HTMLElement | null): HTMLElement | undefined {
  const all = rows()
  const at = row === null ? -1 : all.indexOf(row)
  return all[at + 1] ?? all[at - 1]
}

/** Moves the focus from row to row; false if the key is not one of those that do. */
export function moveByKey(key: string): boolean {
  const all = rows()
  const at = all.indexOf(document.activeElement as HTMLElement)
  if (at < 0) return false
  const to = {
    ArrowDown: Math.min(at + 1, all.length - 1),
    ArrowUp: Math.max(at - 1, 0),
    Home: 0,
    End: all.length - 1,
  }[key]
  if (to === undefined) return false
  all[to]?.focus()
  return true
}
