import assert from 'node:assert/strict'
import { it } from 'node:test'
import { rememberedHeads } from './gguf-head.ts'

const head = (context: number) => ({ context, template: null })
const UNKNOWN = { context: null, template: null }

it('reads each file once, and keeps nobody waiting for one that comes slowly', async () => {
  const slow = Promise.withResolvers<void>()
  const reads: string[] = []
  const heads = rememberedHeads({
    limitMs: 20,
    read: async (path) => {
      reads.push(path)
      if (path === 'slow') await slow.promise
      return head(path.length)
    },
  })
  const files = ['a', 'slow', 'later'].map((path) => ({ key: path, path }))
  assert.deepEqual(await heads(files), [head(1), UNKNOWN, UNKNOWN])
  assert.deepEqual(reads, ['a', 'slow'])
  slow.resolve()
  assert.deepEqual(await heads(files), [head(1), head(4), head(5)])
  assert.deepEqual(reads, ['a', 'slow', 'later'])
  await heads([{ key: 'another', path: 'a' }])
  assert.equal(reads.length, 4)
})
