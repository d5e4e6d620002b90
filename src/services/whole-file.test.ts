import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { openSourcesFile } from '../documents/sources-file.ts'
import { Fault } from '../wire/fault.ts'
import { LOCAL, newSourceId } from '../wire/id.ts'
import { openBlobs } from './blobs.ts'
import { openKeys } from './keys.ts'
import { useInstalled } from './shelf-installed.ts'
import { writeWhole } from './whole-file.ts'

function folder(t: TestContext): string {
  const made = mkdtempSync(join(tmpdir(), 'pkn-whole-'))
  t.after(() => rmSync(made, { recursive: true, force: true }))
  return made
}
const mount = (...args: string[]) => execFileSync('mount', args, { stdio: 'ignore' })
/** A disk of a megabyte, if this machine lets one be made; it is there until `work` has ended. */
async function onDisk(t: TestContext, work: (home: string, fill: () => void, close: () => void) => Promise<void>) {
  const home = folder(t)
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', home)
  } catch {
    return t.skip('no file system can be mounted here')
  }
  const fill = () => {
    for (const piece of [65_536, 4096])
      try {
        for (let i = 0; ; i++) writeFileSync(join(home, `fill-${piece}-${i}`), Buffer.alloc(piece))
      } catch {
        // It is full.
      }
  }
  try {
    await work(home, fill, () => mount('-o', 'remount,ro', home))
  } finally {
    execFileSync('umount', [home])
  }
}
const code = (wanted: string) => (f: unknown) => f instanceof Fault && f.code === wanted

test('a file is replaced whole, for its owner alone, and its folder is made', (t) => {
  const path = join(folder(t), 'deep/er/a.json')
  writeWhole(path, 'one')
  writeWhole(path, 'two')
  assert.deepEqual([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['two', 0o600])
  const blocked = join(folder(t), 'b.json')
  mkdirSync(blocked)
  assert.throws(() => writeWhole(blocked, 'x'), code('shelf.unwritable'))
  assert.deepEqual(readdirSync(join(blocked, '..')), ['b.json'])
})

test('on a disk that is full, or can only be read, every small file stays what it was, and the fault says so', (t) =>
  onDisk(t, async (home, fill, close) => {
    const keys = openKeys(home)
    keys.set('groq', 'k-1')
    const sources = openSourcesFile(join(home, 'documents.json'), () => {})
    const source = (i: number) => ({ id: newSourceId(), owner: LOCAL, project: null, path: `/home/x/${i}` })
    const many = Array.from({ length: 20 }, (_, i) => source(i))
    sources.write(many)
    mkdirSync(join(home, 'models'))
    for (const name of ['one', 'two']) writeFileSync(join(home, 'models', `${name}.gguf`), 'GGUF...')
    await useInstalled({ home }, 'one')
    const blobs = openBlobs(join(home, 'blobs'))
    const known = await blobs.put(Buffer.from('known'))
    const small = ['documents.json', 'keys.json', 'keys.secret', 'models/.default']
    const before = small.map((name) => readFileSync(join(home, name), 'utf8'))
    const refuses = async (wanted: string) => {
      assert.throws(() => sources.write([...many, ...Array.from({ length: 200 }, (_, i) => source(i))]), code(wanted))
      assert.equal(sources.all().length, 20)
      assert.throws(() => keys.set('openai', 'k'.repeat(9000)), code(wanted))
      await assert.rejects(useInstalled({ home }, 'two'), code(wanted))
      await assert.rejects(blobs.put(Buffer.alloc(9000, wanted)), code(wanted))
      assert.deepEqual(
        small.map((name) => readFileSync(join(home, name), 'utf8')),
        before,
      )
      assert.deepEqual(
        readdirSync(home, { recursive: true }).filter((name) => String(name).includes('.new')),
        [],
      )
    }
    fill()
    await refuses('disk.full')
    assert.equal(openKeys(home).get('groq'), 'k-1')
    close()
    await refuses('shelf.unwritable')
    assert.equal(await blobs.put(Buffer.from('known')).catch((f: Fault) => f.code), 'shelf.unwritable')
    assert.equal(String(await blobs.get(known)), 'known')
  }))
