import { textOf, type Draft } from '../../wire/fold.ts'

/** What can be counted of an answer; null is not known (yet). */
export type Figures = {
  ms: number
  firstMs: number | null
  words: number
  tokens: number | null
  /** Tokens a second. */
  rate: number | null
}

const known = new WeakMap<Draft, Figures>()

export function figuresOf(draft: Draft): Figures {
  const figures = known.get(draft) ?? counted(draft)
  known.set(draft, figures)
  return figures
}

function counted(draft: Draft): Figures {
  const sum = (pick: (usage: Draft['usage'][number]) => number) => draft.usage.reduce((n, usage) => n + pick(usage), 0)
  const tokens = sum(({ output }) => output)
  const decodeMs = sum(({ decodeMs }) => decodeMs ?? 0)
  const first = draft.parts.find(({ kind }) => kind === 'text' || kind === 'thought')
  return {
    ms: draft.t,
    firstMs: first?.from ?? null,
    words: textOf(draft).match(/\S+/g)?.length ?? 0,
    tokens: tokens > 0 ? tokens : null,
    rate: tokens > 0 && decodeMs > 0 ? tokens / (decodeMs / 1000) : null,
  }
}

/** A lead that is smaller than this is none. */
const LEAD = 0.02

/** Which of these is best: the least, or the most. Null where fewer than two are known, or where the next one is as good. */
export function best(values: readonly (number | null)[], by: 'least' | 'most'): number | null {
  const there = values.filter((value) => value !== null)
  const [first, second] = there.toSorted((a, b) => (by === 'least' ? a - b : b - a))
  if (first === undefined || second === undefined) return null
  return Math.abs(first - second) > LEAD * Math.max(first, second) ? first : null
}
