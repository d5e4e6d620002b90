import type { Draft } from '../../wire/fold.ts'
import { say, sayCount } from '../words/say.ts'
import { tenth, took } from './wording.ts'

/** `line`: how it is said in the line under an answer, if it is. */
export type Stat = { name: string; value: string; line?: string }

/** What was measured of a finished run. */
export function statsOf(draft: Draft): Stat[] {
  const sum = (pick: (usage: Draft['usage'][number]) => number) => draft.usage.reduce((n, usage) => n + pick(usage), 0)
  const output = sum((u) => u.output)
  const decodeMs = sum((u) => u.decodeMs ?? 0)
  const input = sum((u) => u.input)
  const cached = sum((u) => u.cached)
  const first = draft.parts.find((part) => part.kind === 'text' || part.kind === 'thought')
  const stats: Stat[] = [{ name: say('In all'), value: took(draft.t), line: took(draft.t) }]
  if (first !== undefined) {
    const time = took(first.from)
    stats.push({ name: say('First word after'), value: time, line: say('first word after {time}', { time }) })
  }
  const tokens = (n: number): string => sayCount(n, '1 token', '{n} tokens')
  if (output > 0) stats.push({ name: say('Written'), value: tokens(output), line: tokens(output) })
  if (output > 0 && decodeMs > 0) {
    const speed = say('{rate} tokens/s', { rate: tenth(output / (decodeMs / 1000)) })
    stats.push({ name: say('Speed'), value: speed, line: speed })
  }
  if (input > 0) stats.push({ name: say('Prompt'), value: tokens(input) })
  if (cached > 0) stats.push({ name: say('From cache'), value: tokens(cached) })
  for (const model of new Set(draft.steps.map((step) => step.model)))
    stats.push({ name: say('Model'), value: model, line: model })
  return stats
}

/** The same in one line under an answer. */
export const statsLine = (draft: Draft): string =>
  statsOf(draft)
    .flatMap(({ line }) => (line === undefined ? [] : [line]))
    .join(' · ')
