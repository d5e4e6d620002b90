import type { DatabaseSync } from 'node:sqlite'
import type { SourceId } from '../wire/id.ts'
import { LOOKED_AT } from './search-words.ts'
import { narrowed } from '../narrowed.ts'

/** A passage must be nearer to the question than the nearest is to small talk, by so much. */
const NEARER = 0.04

/** Whole numbers are multiplied more than twice as fast. */
type Narrow = { numbers: Int8Array; scale: number }
type Held = { passage: number; source: number; scale: number }

/** Passages that mean what the question does, nearest first. All vectors are held in memory, a byte for each number, and all are compared. */
export function meaningSearch(db: DatabaseSync): (question: Float32Array, sources: readonly SourceId[]) => number[] {
  const sql = {
    meta: db.prepare('SELECT value FROM meta WHERE name = ?'),
    count: db.prepare('SELECT count(*) AS n, coalesce(max(seq), 0) AS last FROM vectors'),
    newer: db.prepare('SELECT seq, passage, source, scale, v FROM vectors WHERE seq > ? ORDER BY seq'),
  }
  let talk: Narrow[] = []
  let told = ''
  let numbers = new Int8Array(0)
  let held: Held[] = []
  let last = 0
  let names: string[] = []
  /** How near the nearest passage is to each sentence of small talk. */
  let nearest: number[] = []

  const forget = () => {
    numbers = new Int8Array(0)
    held = []
    names = []
    last = 0
    nearest = talk.map(() => -1)
  }
  const load = (width: number) => {
    const text = metaOf('talk')
    const { n, last: newest } = sql.count.get() as { n: number; last: number }
    // What was removed is not missed before it is a quarter; what is shown is read from the tables anyway.
    if (text !== told || held.length > n * 1.3 + 100 || newest < last) {
      told = text
      talk = (JSON.parse(text || '[]') as number[][]).map((one) => narrow(Float32Array.from(one))) // written by index-measure.ts
      forget()
    }
    if (newest === last) return
    for (const row of sql.newer.iterate(last)) {
      const bytes = row['v'] as Uint8Array // as index-measure.ts writes them, here and below
      if (bytes.length !== width) continue
      const at = held.length * width
      if (at + width > numbers.length) {
        const wider = new Int8Array(Math.max(1024 * width, numbers.length * 2))
        wider.set(numbers)
        numbers = wider
      }
      numbers.set(new Int8Array(bytes.buffer, bytes.byteOffset, width), at)
      const source = String(row['source'])
      if (!names.includes(source)) names.push(source)
      const scale = Number(row['scale'])
      held.push({ passage: Number(row['passage']), source: names.indexOf(source), scale })
      for (const [i, sentence] of talk.entries())
        nearest[i] = Math.max(nearest[i]!, product(sentence, numbers, at) * scale)
    }
    last = newest
  }
  const metaOf = (name: string): string => {
    const value = sql.meta.get(name)?.['value']
    return typeof value === 'string' ? value : ''
  }

  return (vector, sources) => {
    const width = vector.length
    if (metaOf('width') !== String(width)) return []
    load(width)
    const floor = middle(nearest) + NEARER
    const question = narrow(vector)
    const wanted = new Set(sources.map((source) => names.indexOf(source)))
    const found: { passage: number; near: number }[] = []
    for (const [i, { passage, source, scale }] of held.entries()) {
      if (!wanted.has(source)) continue
      const near = product(question, numbers, i * width) * scale
      if (near > floor) found.push({ passage, near })
    }
    return found
      .toSorted((a, b) => b.near - a.near || a.passage - b.passage)
      .slice(0, LOOKED_AT)
      .map(({ passage }) => passage)
  }
}

const narrow = (vector: Float32Array): Narrow => {
  const { bytes, scale } = narrowed(vector)
  return { numbers: new Int8Array(bytes.buffer), scale }
}

function product(a: Narrow, numbers: Int8Array, at: number): number {
  const one = a.numbers
  let sum = 0
  for (let i = 0; i < one.length; i++) sum = (sum + Math.imul(one[i]!, numbers[at + i]!)) | 0
  return sum * a.scale
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 1
}
