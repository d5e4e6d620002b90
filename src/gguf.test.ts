import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, it } from 'node:test'
import { readHead, wrongWithGguf } from './gguf.ts'
import { modelsIn } from './model-folder.ts'

const PRACTICE = join(import.meta.dirname, '../models/practice/practice-q8_0.gguf')
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pkn-gguf-'))
  path = join(folder, 'm.gguf')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const u32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(n)
  return bytes
}
const u64 = (n: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(n))
  return bytes
}
const text = (words: string) => Buffer.concat([u64(words.length), Buffer.from(words)])
/** A model without tensors, with these values. */
const write = (...values: Buffer[]) =>
  writeFileSync(path, Buffer.concat([Buffer.from('GGUF'), u32(3), u64(0), u64(values.length), ...values]))

it('reads what a model says of itself, and finds nothing wrong with it', async () => {
  const { context, template } = await readHead(PRACTICE)
  assert.ok(context !== null && context >= 256, String(context))
  assert.match(template ?? '', /<\|im_start\|>/)
  assert.equal(await wrongWithGguf(PRACTICE), null)
})

it('finds what stands behind a vocabulary, wherever that is cut into pieces', async () => {
  const words = Array.from({ length: 60_000 }, (_, i) => text('w'.repeat(i % 61)))
  const list = Buffer.concat([text('tokens'), u32(9), u32(8), u64(words.length), ...words])
  const scores = Buffer.concat([text('scores'), u32(9), u32(6), u64(60_000), Buffer.alloc(240_000)])
  write(list, scores, Buffer.concat([text('x.context_length'), u32(4), u32(4096)]))
  assert.deepEqual((await readHead(path)).context, 4096)
  assert.equal(await wrongWithGguf(path), null)
})

it('goes no deeper than any model does, however deep a file claims to be', async () => {
  const list = Buffer.concat([u32(9), u64(1)])
  write(Buffer.concat([text('deep'), u32(9), Buffer.alloc(12 * 200_000, list)]))
  assert.equal(await wrongWithGguf(path), 'its header cannot be read')
  assert.deepEqual(await readHead(path), { context: null, template: null })
})

it(
  'does not wait for whoever writes to a pipe that is named like a model',
  { skip: process.platform === 'win32' },
  async () => {
    execFileSync('mkfifo', [path])
    assert.deepEqual(await modelsIn(folder), [])
    await assert.rejects(wrongWithGguf(path), /no file/)
  },
)
