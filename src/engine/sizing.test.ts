import assert from 'node:assert/strict'
import { it } from 'node:test'
import { physicalCores, quotaOf } from './cores.ts'
import { chooseSizes, chooseThreads, type Machine, type Sizes, type WantedSizes } from './sizing.ts'

const GIB = 1024 ** 3
const costing =
  (perToken: number) =>
  ({ sequences, context, kv }: Sizes) =>
    sequences * context * perToken * (kv === 'f16' ? 1 : 0.53)
const chosen = (machine: Machine, wanted: WantedSizes = {}) => {
  const { sequences, context, kv } = chooseSizes(machine, wanted)
  return `${sequences} x ${context} ${kv}`
}

it('takes the best context that the memory allows, and what was asked for in any case', () => {
  const small = { trained: 32_768, file: 0.1 * GIB, free: 16 * GIB, cost: costing(30_000), quantises: true }
  assert.equal(chosen(small), '2 x 8192 f16')
  assert.equal(chosen({ ...small, file: GIB }), '4 x 8192 f16')
  assert.equal(chosen({ ...small, trained: 1024 }), '4 x 1024 f16')
  const large = { trained: 32_768, file: 2.5 * GIB, free: 6 * GIB, cost: costing(147_000), quantises: true }
  assert.equal(chosen(large), '2 x 4096 f16')
  assert.equal(chosen({ ...large, free: 0 }, { context: 9000, sequences: 3, kv: 'f16' }), '3 x 9000 f16')
  assert.equal(chosen(large, { kv: 'q8_0' }), '2 x 8192 q8_0')
  assert.equal(chosen({ ...large, free: 64 * GIB }), '4 x 8192 f16', 'no more than a model of that size is worth')
  assert.equal(chosen({ ...large, file: 20 * GIB, free: 120 * GIB }), '4 x 32768 f16')
  assert.equal(chosen({ ...large, file: 20 * GIB, free: 120 * GIB, trained: 20_000 }), '4 x 16384 f16')
})

it('halves the precision of the cache only where that is what lets a context fit that one can work in', () => {
  const tight = { trained: 32_768, file: 2.5 * GIB, free: 3 * GIB, cost: costing(147_000), quantises: true }
  assert.equal(chosen(tight), '2 x 4096 q8_0')
  assert.equal(chosen({ ...tight, quantises: false }), '2 x 2048 f16')
  assert.equal(chosen({ ...tight, free: 1.65 * GIB }), '2 x 2048 f16')
  assert.equal(chosen({ ...tight, free: 0, quantises: false }), '1 x 2048 f16')
})

it('leaves one core to the rest of the machine, and takes no more than the group of processes may have', () => {
  assert.deepEqual([chooseThreads(8, undefined), chooseThreads(1, undefined), chooseThreads(8, 8)], [7, 1, 8])
  assert.equal(chooseThreads(Math.min(8, quotaOf('250000 100000\n')), undefined), 1)
  assert.deepEqual(
    [quotaOf('max 100000\n'), quotaOf(''), quotaOf('-1 100000'), quotaOf('400000 100000')],
    [Infinity, Infinity, Infinity, 4],
  )
})

it('counts cores, and not the threads that share one', () => {
  const thread = (socket: number, core: number) => `processor : 0\nphysical id\t: ${socket}\ncore id\t\t: ${core}`
  assert.equal(physicalCores([thread(0, 0), thread(0, 0), thread(0, 1), thread(0, 1)].join('\n\n')), 2)
  assert.equal(physicalCores('processor : 0\nBogoMIPS : 50'), null)
})
