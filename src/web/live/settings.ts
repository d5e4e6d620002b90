import { cell, type Cell } from './cell.ts'

/** What a user can choose; the first of each is what holds until then. */
export const CHOICES = {
  language: ['system', 'en', 'de'],
  theme: ['system', 'light', 'dark', 'contrast-light', 'contrast-dark'],
  size: ['usual', 'small', 'large', 'largest'],
  motion: ['system', 'less'],
  /** What Enter does in the composer: send, or begin a new line (Ctrl+Enter sends then). */
  enter: ['send', 'line'],
  /** What a screen reader is told of an answer: how far it is, or its sentences too. */
  reading: ['phases', 'sentences'],
} as const

export type Choices = typeof CHOICES
export type Setting = keyof Choices
/** Each is kept in this browser, and told to its other tabs. How the page looks is done by `theme-before-paint.js`, which hears `pkn.look`. */
export type Settings = { readonly [Name in Setting]: Cell<Choices[Name][number]> }

export function openSettings(): Settings {
  const names = Object.keys(CHOICES) as Setting[]
  const kept = (name: Setting) => {
    const value = localStorage.getItem(`pkn.${name}`)
    const all: readonly string[] = CHOICES[name]
    return value !== null && all.includes(value) ? value : all[0]!
  }
  const cells = names.map((name) => [name, cell(kept(name))] as const)
  for (const [name, chosen] of cells)
    chosen.on(() => {
      try {
        localStorage.setItem(`pkn.${name}`, chosen.get())
      } catch {
        // Full: it holds until the reload, but for how the page looks.
      }
      dispatchEvent(new Event('pkn.look'))
    })
  addEventListener('storage', () => {
    for (const [name, chosen] of cells) chosen.set(kept(name))
  })
  return Object.fromEntries(cells) as Settings // each was read from the very list that its type is made from
}

/** From one look to the next; those of high contrast are chosen in the settings. */
export function nextTheme({ theme }: Settings): void {
  const now = theme.get()
  theme.set(now === 'system' ? 'light' : now === 'light' ? 'dark' : 'system')
}
