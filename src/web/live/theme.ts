import { cell, type Cell } from './cell.ts'

export type Theme = 'system' | 'light' | 'dark'
export type ThemeChoice = { theme: Cell<Theme>; next: () => void }

const ORDER: readonly Theme[] = ['system', 'light', 'dark']

export function themeChoice(): ThemeChoice {
  const set = document.documentElement.dataset['theme']
  const theme = cell<Theme>(set === 'light' || set === 'dark' ? set : 'system')
  return {
    theme,
    next: () => {
      const next = ORDER[(ORDER.indexOf(theme.get()) + 1) % ORDER.length]!
      if (next === 'system') delete document.documentElement.dataset['theme']
      else document.documentElement.dataset['theme'] = next
      try {
        localStorage.setItem('pkn.theme', next)
      } catch {
        // Forbidden storage: the choice lasts as long as the page.
      }
      theme.set(next)
    },
  }
}
