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
  const waited = waitedUntil(draft, draft.t)
  const times = { work: took(draft.t - waited), waited: took(waited) }
  const line = waited < 1000 ? took(draft.t) : say('{work}, and {waited} waiting for you', times)
  const stats: Stat[] = [{ name: say('In all'), value: took(draft.t), line }]
  if (first !== undefined) {
    const time = took(first.from - waitedUntil(draft, first.from))
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

/** How long a person was waited for by then: that is no time of the model's. */
function waitedUntil({ parts, t }: Draft, until: number): number {
  const asked = parts.flatMap((part) => (part.kind === 'tool' && part.ask !== null ? [part.ask] : []))
  let [waited, seen] = [0, 0]
  for (const { from, to } of asked.toSorted((a, b) => a.from - b.from)) {
    const end = Math.min(to ?? t, until)
    waited += Math.max(0, end - Math.max(from, seen))
    seen = Math.max(seen, end)
  }
  return waited
}

/** The same in one line under an answer. */
export const statsLine = (draft: Draft): string =>
  statsOf(draft)
    .flatMap(({ line }) => (line === undefined ? [] : [line]))
    .join(' · ')
