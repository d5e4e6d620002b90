import type { ModelInfo } from '../wire/model.ts'

type Need =
  { what: 'tools' | 'thinking' | 'vision' } | { what: 'context' | 'size'; compare: '>=' | '<='; amount: number }
/** One preference: a model by its name, or what a model must be able to do. */
export type Wish = { text: string; needs: readonly Need[] | null }

/** Capabilities joined by `+`, as in `tools+context>=32k+size<=4GB`. What is not wholly made of them is a name. */
export function parseWish(text: string): Wish {
  const needs = text.split('+').map((part) => need(part.trim()))
  return { text, needs: needs.every((one) => one !== null) ? needs : null }
}

/** Whether it was meant as a condition and is none: no model's name compares. */
export const isMalformed = (text: string): boolean => /[<>=]/.test(text) && parseWish(text).needs === null

/** What a backend doesn't tell of a model does not fulfil a wish for it. */
export function fulfils(model: ModelInfo, { text, needs }: Wish): boolean {
  if (needs === null) return isNamed(model, text)
  return needs.every((one) => {
    if (one.what !== 'context' && one.what !== 'size') return model[one.what] === true
    const has = one.what === 'context' ? model.context : model.bytes
    return has !== null && (one.compare === '>=' ? has >= one.amount : has <= one.amount)
  })
}

/** Ollama's `:latest` may be left out. */
export const bareName = (name: string): string => name.replace(/:latest$/, '')

export const isNamed = ({ name, endpoint }: ModelInfo, wish: string): boolean =>
  bareName(name) === bareName(wish) || `${endpoint}/${bareName(name)}` === bareName(wish)

/** Thousands, as the makers of models count: a context of 32k may be 32,000 or 32,768. */
const UNITS: { readonly [what: string]: { readonly [unit: string]: number } } = {
  context: { '': 1, k: 1e3, m: 1e6 },
  size: { '': 1, b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 },
}

function need(text: string): Need | null {
  if (text === 'tools' || text === 'thinking' || text === 'vision') return { what: text }
  const [, what, compare, number, unit] = /^(context|size)\s*([<>]=)\s*(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? []
  if ((what !== 'context' && what !== 'size') || (compare !== '>=' && compare !== '<=')) return null
  const scale = UNITS[what]?.[unit?.toLowerCase() ?? '']
  return scale === undefined ? null : { what, compare, amount: Number(number) * scale }
}
