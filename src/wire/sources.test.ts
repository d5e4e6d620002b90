import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newMemoryId, newSourceId } from './id.ts'
import type { Recalled } from './recall.ts'
import { citedOf, countsOf, lookedUp, placeOf } from './sources.ts'

const passage = (n: number, over: Partial<Recalled['passages'][number]> = {}): Recalled['passages'][number] => ({
  n,
  source: newSourceId(),
  path: `docs/${n}.md`,
  from: 10,
  to: 24,
  text: 'x',
  by: ['words'],
  ...over,
})
const memory = { memory: newMemoryId(), text: 'm' }
const recalls: Recalled[] = [
  { memories: [memory], passages: [passage(1), passage(2)] },
  { memories: [memory], passages: [passage(2), passage(3)] },
]

test('what was looked up twice counts once', () => {
  assert.deepEqual(
    lookedUp(recalls).passages.map(({ n }) => n),
    [1, 2, 3],
  )
  assert.equal(countsOf(recalls), '1 memory, 3 passages of documents')
  assert.equal(countsOf([]), null)
  const meant = { ...memory, memory: newMemoryId(), by: ['meaning' as const] }
  assert.equal(countsOf([{ memories: [meant], passages: [] }]), '1 memory (by meaning)')
  const both = passage(3, { by: ['words', 'meaning'] })
  assert.equal(
    countsOf([{ memories: [memory, meant], passages: [passage(1), passage(2, { by: ['meaning'] }), both] }]),
    '2 memories (1 by meaning), 3 passages of documents (1 by meaning)',
  )
})

test('an answer cites what stands in its brackets, and not what stands in code, in a link, or was never looked up', () => {
  const cited = (text: string) => citedOf(text, recalls).map(({ n }) => n)
  assert.deepEqual(cited('So it is [3], and [1, 2].'), [1, 2, 3])
  assert.deepEqual(cited('a[1] in `b[2]`\n```js\nc[3]\n```'), [1])
  assert.deepEqual(cited('see [1](https://example.org) and [9]'), [])
  assert.deepEqual(cited('```\nnever closed [1]'), [])
})

test('a place is told as editors take it, with its page where it has one', () => {
  assert.equal(placeOf(passage(1)), 'docs/1.md:10-24')
  assert.equal(placeOf(passage(1, { from: 3, to: 3, page: 2, path: '' })), 'document:3 (page 2)')
})
