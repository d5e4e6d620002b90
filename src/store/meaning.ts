import { setImmediate } from 'node:timers/promises'
import type { Measured } from '../core/ports.ts'
import type { VectorRow } from './mind-rows.ts'

/**
 * How far above the usual a memory must be to mean what is asked, in standard deviations: nearer to this question than to others, and so much more
 * so than other texts are; more still where words have found something. Chosen by `bench/memory`.
 */
const NEARER = 2
const APART = { alone: 2.75, besideWords: 3.25 } as const
/** So many are looked at before others have their turn. */
const PAGE = 200

/** The places of those that mean what is asked, nearest first. */
export async function nearTo(
  { vector, others }: Measured,
  besideWords: boolean,
  page: (after: number, limit: number) => readonly (VectorRow & { seq: number })[],
): Promise<number[]> {
  const looked: { seq: number; above: number }[] = []
  for (let after = 0; ;) {
    const rows = page(after, PAGE)
    for (const { seq, scale, middle, spread, v } of rows)
      if (v.length === vector.length) looked.push({ seq, above: (product(vector, v) * scale - middle) / spread })
    if (rows.length < PAGE) break
    after = rows.at(-1)!.seq
    await setImmediate()
  }
  const all = [...others, ...looked.map(({ above }) => above)]
  const middle = mean(all)
  const spread = Math.sqrt(mean(all.map((one) => (one - middle) ** 2)))
  const apart = besideWords ? APART.besideWords : APART.alone
  return looked
    .filter(({ above }) => above > NEARER && above - middle > apart * spread)
    .toSorted((a, b) => b.above - a.above || b.seq - a.seq)
    .map(({ seq }) => seq)
}

function product(vector: Float32Array, v: Uint8Array): number {
  const narrow = new Int8Array(v.buffer, v.byteOffset, v.length)
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * narrow[i]!
  return sum
}

const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length)
