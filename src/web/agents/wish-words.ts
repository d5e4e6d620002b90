import type { ModelInfo } from '../../wire/model.ts'
import { bytes, count } from '../state/wording.ts'
import { say } from '../words/say.ts'

export type WishWords = {
  text: string
  /** A model that is named; null for what a model must be able to do. */
  name: string | null
}

const UNITS: Record<string, number> = { k: 1e3, m: 1e6, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }

/** What an agent prefers, as a person would say it. What is not wholly made of conditions is the name of a model. */
export function wishWords(wish: string): WishWords {
  const parts = wish.split('+').map((part) => condition(part.trim()))
  if (parts.some((part) => part === null)) return { text: wish, name: wish }
  const text = parts.join(', ')
  return { text: text.charAt(0).toUpperCase() + text.slice(1), name: null }
}

function condition(part: string): string | null {
  if (part === 'tools') return say('uses tools')
  if (part === 'thinking') return say('thinks before it answers')
  if (part === 'vision') return say('looks at pictures')
  const [, what, compare, figure, unit = ''] =
    /^(context|size)\s*([<>]=)\s*(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(part) ?? []
  if (what === undefined || compare === undefined) return null
  const amount = Number(figure) * (UNITS[unit.toLowerCase()] ?? 1)
  const size = bytes(amount)
  const tokens = count(amount)
  if (what.toLowerCase() === 'size')
    return compare === '>=' ? say('a file of at least {size}', { size }) : say('a file of at most {size}', { size })
  return compare === '>='
    ? say('at least {tokens} tokens of context', { tokens })
    : say('at most {tokens} tokens of context', { tokens })
}

const bare = (name: string): string => name.replace(/:latest$/, '')

/** Whether a model is the one that was named; Ollama's `:latest` may be left out. */
export const isMeant = ({ name, endpoint }: Pick<ModelInfo, 'name' | 'endpoint'>, wish: string): boolean =>
  bare(name) === bare(wish) || `${endpoint}/${bare(name)}` === bare(wish)
