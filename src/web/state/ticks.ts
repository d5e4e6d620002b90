import { localeNow } from '../words/say.ts'

/** Round moments for an axis that shows `wide` milliseconds from `left` on: a few, and at whole steps. */
export function ticksFor(left: number, wide: number, most = 3): number[] {
  const rough = Math.max(1, wide / most)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough) ?? rough
  const first = Math.ceil(left / step)
  return Array.from({ length: Math.floor((left + wide) / step) - first + 1 }, (_, i) => (first + i) * step)
}

/** 0, 500 ms, 2 s, 1.5 s */
export const tickName = (ms: number): string =>
  ms === 0
    ? '0'
    : ms < 1000
      ? `${ms} ms`
      : `${(ms / 1000).toLocaleString(localeNow(), { maximumFractionDigits: 2, useGrouping: false })} s`
