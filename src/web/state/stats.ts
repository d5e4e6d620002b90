import type { Draft } from '../../wire/fold.ts'
import { count, many, took } from './wording.ts'

/** What is worth saying of a finished run, shortest words first; only what was measured. */
export function statsOf(draft: Draft): string[] {
  const sum = (pick: (usage: Draft['usage'][number]) => number) => draft.usage.reduce((n, usage) => n + pick(usage), 0)
  const output = sum((u) => u.output)
  const decodeMs = sum((u) => u.decodeMs ?? 0)
  const input = sum((u) => u.input)
  const cached = sum((u) => u.cached)
  const first = draft.parts.find((part) => part.kind === 'text' || part.kind === 'thought')
  const facts = [took(draft.t)]
  if (output > 0) facts.push(many(output, 'token'))
  if (output > 0 && decodeMs > 0) facts.push(`${(output / (decodeMs / 1000)).toFixed(1)} tok/s`)
  if (first !== undefined) facts.push(`first word after ${took(first.from)}`)
  if (cached > 0 && input > 0) facts.push(`${count(cached)} of ${count(input)} tokens read from cache`)
  return facts
}
