import type { Speed } from '../wire/model.ts'
import type { Measured, Speeds } from './ports.ts'

/** How much a new answer counts beside all before it. */
const NEW = 0.3

/** What was measured, as it is remembered: `known` is what was remembered before, `changed` is told what is to be kept. */
export function rememberedSpeeds(
  known: Readonly<Record<string, Speed>> = {},
  changed: (all: Readonly<Record<string, Speed>>) => void = () => {},
): Speeds {
  const all: Record<string, Speed> = { ...known }
  const keyOf = (endpoint: string, model: string) => `${endpoint} ${model}`
  return {
    of: (endpoint, model) => all[keyOf(endpoint, model)] ?? null,
    learn(endpoint, model, measured) {
      const key = keyOf(endpoint, model)
      all[key] = learnt(all[key] ?? { read: null, write: null, loadMs: null, answer: null, answers: 0 }, measured)
      changed(all)
    },
  }
}

function learnt(before: Speed, { read, write, loadMs }: Measured): Speed {
  const mix = (old: number | null, fresh: number | null) =>
    fresh === null || !Number.isFinite(fresh) ? old : old === null ? fresh : old * (1 - NEW) + fresh * NEW
  const rate = (it: { tokens: number; ms: number } | undefined) =>
    it === undefined || it.tokens <= 0 || it.ms <= 0 ? null : (it.tokens * 1000) / it.ms
  return {
    read: mix(before.read, rate(read)),
    write: mix(before.write, rate(write)),
    loadMs: mix(before.loadMs, loadMs ?? null),
    answer: mix(before.answer, write?.tokens ?? null),
    answers: before.answers + (write === undefined ? 0 : 1),
  }
}
