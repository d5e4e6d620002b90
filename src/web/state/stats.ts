import type { Draft } from '../../wire/fold.ts'
import { many, took } from './wording.ts'

export type Stat = { name: string; value: string }

/** What was measured of a finished run. */
export function statsOf(draft: Draft): Stat[] {
  const sum = (pick: (usage: Draft['usage'][number]) => number) => draft.usage.reduce((n, usage) => n + pick(usage), 0)
  const output = sum((u) => u.output)
  const decodeMs = sum((u) => u.decodeMs ?? 0)
  const input = sum((u) => u.input)
  const cached = sum((u) => u.cached)
  const first = draft.parts.find((part) => part.kind === 'text' || part.kind === 'thought')
  const stats: Stat[] = [{ name: 'In all', value: took(draft.t) }]
  if (first !== undefined) stats.push({ name: 'First word after', value: took(first.from) })
  if (output > 0) stats.push({ name: 'Written', value: many(output, 'token') })
  if (output > 0 && decodeMs > 0)
    stats.push({ name: 'Speed', value: `${(output / (decodeMs / 1000)).toFixed(1)} tok/s` })
  if (input > 0) stats.push({ name: 'Prompt', value: many(input, 'token') })
  if (cached > 0) stats.push({ name: 'From cache', value: many(cached, 'token') })
  for (const model of new Set(draft.steps.map((step) => step.model))) stats.push({ name: 'Model', value: model })
  return stats
}

const LINE = new Set(['In all', 'First word after', 'Written', 'Speed', 'Model'])

/** The same in one line under an answer. */
export const statsLine = (draft: Draft): string =>
  statsOf(draft)
    .filter((stat) => LINE.has(stat.name))
    .map(({ name, value }) => (name === 'First word after' ? `first word after ${value}` : value))
    .join(' · ')
