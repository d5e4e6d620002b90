import { localeNow } from '../words/say.ts'

const DAY = 86_400_000
/** Steps of what takes minutes and hours. */
const LONG = [0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120, 240, 480, 720, 1440].map((n) => n * 60_000)

/** Round moments for an axis that shows `wide` milliseconds from `left` on: a few, and at whole steps. */
export function ticksFor(left: number, wide: number, most = 3): number[] {
  const rough = Math.max(1, wide / most)
  const power = 10 ** Math.floor(Math.log10(rough))
  const steps = rough > 20_000 ? LONG : [1, 2, 5, 10].map((n) => n * power)
  const step = steps.find((n) => n >= rough) ?? Math.ceil(rough / DAY) * DAY
  const first = Math.ceil(left / step)
  return Array.from({ length: Math.floor((left + wide) / step) - first + 1 }, (_, i) => (first + i) * step)
}

/** 0, 500 ms, 2 s, 1.5 s, 4 min, 1 h, 2 d */
export const tickName = (ms: number): string =>
  ms === 0
    ? '0'
    : ms < 1000
      ? `${ms} ms`
      : ms % DAY === 0
        ? `${ms / DAY} d`
        : ms % 3_600_000 === 0
          ? `${ms / 3_600_000} h`
          : ms % 60_000 === 0
            ? `${ms / 60_000} min`
            : `${(ms / 1000).toLocaleString(localeNow(), { maximumFractionDigits: 2, useGrouping: false })} s`
