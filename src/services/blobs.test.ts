import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, test } from 'node:test'
import { openBlobs } from './blobs.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pkn-blobs-'))
})
afterEach(() => rmSync(home, { recursive: true }))
const bytes = Buffer.from('hello')
const hash = createHash('sha256').update(bytes).digest('hex')
const place = () => join(home, hash.slice(0, 2), hash)

test('the same bytes are there once, under their hash, and readable by nobody else', async () => {
  const blobs = openBlobs(home)
  assert.deepEqual(await Promise.all([blobs.put(bytes), blobs.put(bytes), blobs.put(bytes)]), [hash, hash, hash])
  assert.deepEqual(readdirSync(join(home, hash.slice(0, 2))), [hash])
  assert.equal(statSync(place()).mode & 0o077, 0)
  assert.deepEqual(await blobs.get(hash), bytes)
})

test('what is no hash is no path', async () => {
  const blobs = openBlobs(join(home, 'blobs'))
  writeFileSync(join(home, 'secret'), 'x')
  for (const name of ['../secret', '', 'a'.repeat(64), '/etc/passwd']) assert.equal(await blobs.get(name), null)
})

test('a sweep takes what is old and used by nothing, halves that were left, and nothing else', async () => {
  const blobs = openBlobs(home)
  await blobs.put(bytes)
  const other = await blobs.put(Buffer.from('used'))
  writeFileSync(`${place()}.00.new`, 'half')
  writeFileSync(join(home, 'note.txt'), 'not a blob')
  const isUsed = (one: string) => one === other
  assert.equal(await blobs.sweep(Date.now() - 60_000, isUsed), 0)
  const long = new Date(Date.now() - 3 * 86_400_000)
  for (const file of [place(), `${place()}.00.new`, join(home, other.slice(0, 2), other)]) utimesSync(file, long, long)
  await blobs.put(bytes)
  assert.equal(await blobs.sweep(Date.now() - 86_400_000, isUsed), 1)
  assert.ok(existsSync(place()) && !existsSync(`${place()}.00.new`))
  utimesSync(place(), long, long)
  assert.equal(await blobs.sweep(Date.now() - 86_400_000, isUsed), 1)
  assert.ok(!existsSync(place()) && existsSync(join(home, 'note.txt')))
  assert.equal(await openBlobs(join(home, 'none')).sweep(Date.now(), isUsed), 0)
})

test('what is put while it is swept stays', async () => {
  const blobs = openBlobs(home)
  const long = new Date(Date.now() - 3 * 86_400_000)
  const sweep = (isUsed = () => false) => blobs.sweep(Date.now() - 86_400_000, isUsed)
  for (let i = 0; i < 50; i++) {
    await blobs.put(bytes)
    utimesSync(place(), long, long)
    let put: Promise<string> | null = null
    const at = i % 5
    // At another moment each time: before, between its looks, and after.
    if (at === 0) put = blobs.put(bytes)
    const swept = sweep(() => {
      if (at < 3) put ??= blobs.put(bytes)
      return false
    })
    if (at === 3) put = blobs.put(bytes)
    await swept
    await (put ?? blobs.put(bytes))
    assert.deepEqual(await blobs.get(hash), bytes, `round ${i}`)
  }
})
