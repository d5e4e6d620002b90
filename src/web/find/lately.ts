/** What was chosen lately, the newest first; `title` is shown where the thing itself is not at hand. */
export type Late = { id: string; title: string }

const KEY = 'pkn.lately'
const MOST = 6

export function latelyChosen(storage: Storage): Late[] {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isLate).slice(0, MOST) : []
  } catch {
    return []
  }
}

export function choseLately(storage: Storage, { id, title }: Late): void {
  const others = latelyChosen(storage).filter((late) => late.id !== id)
  try {
    storage.setItem(KEY, JSON.stringify([{ id, title: title.slice(0, 200) }, ...others].slice(0, MOST)))
  } catch {
    // Full or forbidden: it is not remembered.
  }
}

const isLate = (value: unknown): value is Late =>
  typeof value === 'object' &&
  value !== null &&
  'id' in value &&
  typeof value.id === 'string' &&
  'title' in value &&
  typeof value.title === 'string'
