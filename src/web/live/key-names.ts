import { say } from '../words/say.ts'

/** Whether this keyboard has ⌘ in the place of Ctrl. */
export const isMac = (): boolean => /Mac|iP/.test(navigator.platform)

/** The key that was pressed, with what was held: Mod+Shift+O. Mod is ⌘ on a Mac, else Ctrl; signs are as they were typed. */
export function pressed(event: KeyboardEvent): string {
  const { key, code, altKey, shiftKey } = event
  // A keyboard of another script: the letter that stands on the key in the Latin one.
  const latin = key > '\x7f' && key.length === 1 ? (/^Key([A-Z])$/.exec(code)?.[1] ?? key) : key
  const mod = isMac() ? event.metaKey : event.ctrlKey
  const letter = latin.length > 1 || /[a-z]/i.test(latin)
  return `${mod ? 'Mod+' : ''}${altKey ? 'Alt+' : ''}${shiftKey && letter ? 'Shift+' : ''}${latin.length > 1 ? latin : latin.toUpperCase()}`
}

const SIGNS: Record<string, string> = { Escape: 'Esc', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→' }
const MAC: Record<string, string> = { Mod: '⌘', Alt: '⌥', Shift: '⇧' }

/** What is written on the caps: Mod+K is Ctrl and K, or ⌘ and K. */
export const capsOf = (key: string): string[] =>
  key.split('+').map((part) => SIGNS[part] ?? (isMac() ? MAC[part] : undefined) ?? named(part))

/** As it stands on the caps of that language. */
function named(key: string): string {
  switch (key) {
    case 'Mod':
      return say('Ctrl')
    case 'Shift':
      return say('Shift')
    case 'Delete':
      return say('Del')
    case 'End':
      return say('End')
    case 'Space':
      return say('Space')
    default:
      return key
  }
}

export const keyName = (key: string): string => capsOf(key).join(' ')
