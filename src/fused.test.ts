import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fused } from './fused.ts'

const rows = (...ids: string[]) => ids.map((id) => ({ id }))
const ids = (list: readonly { row: { id: string } }[]) => list.map(({ row }) => row.id)

test('what both know comes before what only one has first', () => {
  const all = fused({ words: rows('a', 'both'), meaning: rows('b', 'both') })
  assert.deepEqual(ids(all), ['both', 'a', 'b'])
  assert.deepEqual(all[0]!.by, ['words', 'meaning'])
})

test('of equals the one that words found comes first, unless another order is asked for', () => {
  const lists = { words: rows('z'), meaning: rows('a') }
  assert.deepEqual(ids(fused(lists)), ['z', 'a'])
  assert.deepEqual(ids(fused(lists, (a, b) => (a.id < b.id ? -1 : 1))), ['a', 'z'])
})
