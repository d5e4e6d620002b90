import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { Fault } from '../wire/fault.ts'
import { LOCAL } from '../wire/id.ts'
import { edit } from './edit.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'
import { read } from './read.ts'
import { openBench } from './testing/bench.ts'
import { undoing } from './undo.ts'
import { write } from './write.ts'

async function bench(t: TestContext) {
  const opened = await openBench()
  t.after(opened.close)
  return { ...opened, at: (path: string) => join(opened.folder, path) }
}
/** Root may read all: whoever else does this test is kept out by the permissions, and root by being another for a moment. */
async function asAnother<T>(paths: string[], work: () => Promise<T>): Promise<T> {
  const root = process.getuid?.() === 0
  if (root) for (const path of paths) chmodSync(path, 0o777)
  if (root) process.seteuid!(65534)
  try {
    return await work()
  } finally {
    if (root) process.seteuid!(0)
  }
}

test('no pattern of names takes long, and all its signs mean what they do in a shell', async (t) => {
  const { call, at } = await bench(t)
  const deep = Array.from({ length: 24 }, () => 'a').join('/')
  mkdirSync(at(deep), { recursive: true })
  for (const path of [
    `${'a'.repeat(250)}b`,
    `${deep}/${'a'.repeat(200)}.txt`,
    'x.ts',
    'y.js',
    '[z].md',
    'ö{1}.txt',
    'q\nr.txt',
  ])
    writeFileSync(at(path), '')
  const finds = async (pattern: string) =>
    (await call(glob, { pattern })).output.split('\n').filter((line) => !line.startsWith('No file'))
  const from = performance.now()
  for (const pattern of [
    '*a'.repeat(200),
    `${'**/'.repeat(80)}*x`,
    '**'.repeat(100),
    '{a,*}'.repeat(60),
    '{'.repeat(200) + 'a,b' + '}'.repeat(200),
  ])
    await call(glob, { pattern })
  const hostile = performance.now() - from
  const plain = performance.now()
  for (let times = 0; times < 5; times++) await finds('**/*.ts')
  assert.ok(hostile < (performance.now() - plain) * 200, `${hostile} ms`)
  assert.deepEqual(await finds('*.{ts,js}'), ['x.ts', 'y.js'])
  assert.deepEqual(await finds('{x,y}.{t,j}s'), ['x.ts', 'y.js'])
  assert.deepEqual(await finds('{x.{ts,md},y.js}'), ['x.ts', 'y.js'])
  assert.deepEqual(await finds('[x-y].?s'), ['x.ts', 'y.js'])
  assert.deepEqual(await finds('[!x].?s'), ['y.js'])
  assert.deepEqual(await finds('a/**/*.txt'), [`${deep}/${'a'.repeat(200)}.txt`])
  assert.equal((await finds('**/*.txt')).length, 4)
  assert.deepEqual(await finds('**/x.ts'), ['x.ts'])
  assert.match((await call(glob, { pattern: '{a' })).output, /not closed/)
  assert.match((await call(glob, { pattern: 'x[z-a]' })).output, /no pattern/)
})

test('names are looked for below the folder that was meant, however its path is written', async (t) => {
  const { call, at } = await bench(t)
  mkdirSync(at('src/deep'), { recursive: true })
  symlinkSync('src', at('link'))
  for (const path of ['a.ts', 'src/b.ts', 'src/deep/c.ts']) writeFileSync(at(path), 'cat')
  for (const path of ['src', './src/', 'src/deep/..', at('src'), 'link', 'src//'])
    assert.equal((await call(glob, { pattern: '*.ts', path })).output, 'src/b.ts', path)
  assert.equal((await call(glob, { pattern: '*.ts', path: at('') })).output, 'a.ts')
  assert.equal((await call(glob, { pattern: at('src/*.ts') })).output, 'src/b.ts')
  assert.match(
    (await call(grep, { pattern: 'cat', path: at('src'), files: '*.ts' })).output,
    /^src\/b\.ts:1: cat\nsrc\/deep\/c/,
  )
})

test('a folder that cannot be opened, and one whose name is no text, hide nothing else', async (t) => {
  const { call, at, folder, around } = await bench(t)
  for (const path of ['a', 'shut', 'z']) mkdirSync(at(path))
  writeFileSync(at('a/one.txt'), 'cat\n')
  writeFileSync(at('z/two.txt'), 'cat\n')
  mkdirSync(Buffer.concat([Buffer.from(`${folder}/m`), Buffer.from([0xff, 0xfe])]))
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/n`), Buffer.from([0xff])]), 'cat\n')
  execFileSync('mkfifo', [at('p')])
  chmodSync(at('shut'), 0)
  await asAnother([around, folder], async () => {
    assert.match((await call(glob, { pattern: '**/*.txt' })).output, /^a\/one\.txt\nz\/two\.txt/)
    assert.match((await call(list, { depth: 3 })).output, /shut\/\nz\/\nz\/two\.txt/)
    assert.match((await call(grep, { pattern: 'cat' })).output, /a\/one\.txt:1: cat\nz\/two\.txt:1: cat/)
    assert.match((await call(list, { path: 'shut' })).output, /may not be opened/)
  })
  chmodSync(at('shut'), 0o700)
})

test('what is looked for is not told of a file that a rule keeps from it, and that it was left out is', async (t) => {
  const { call, at } = await bench(t)
  mkdirSync(at('src'))
  for (const path of ['src/.env', 'src/a.txt']) writeFileSync(at(path), 'KEY=cat')
  const may = (path: string) => !path.endsWith('.env')
  assert.equal(
    (await call(grep, { pattern: 'KEY' }, { may })).output,
    'src/a.txt:1: KEY=cat\n(1 file is left out by a rule)',
  )
  assert.match((await call(grep, { pattern: 'KEY', files: '.env' }, { may })).output, /^Nothing .*left out by a rule/)
})

test('a pattern that no machine could hold is told as such', async (t) => {
  const { call, at } = await bench(t)
  writeFileSync(at('a.txt'), `${'a'.repeat(1000)}\n`)
  for (const pattern of [
    '(?:(?:(?:a{1000}){1000}){1000}){1000}',
    '((a{0,999}){0,999}){0,999}$',
    '(?<=a{9999999999})b',
    '\\p{Nope}',
    '(',
  ]) {
    const { ok, output } = await call(grep, { pattern })
    assert.ok(ok || /regular expression|too long|too much/.test(output), `${pattern}: ${output}`)
  }
})

test('a replacement that would make a file too large is refused before it is made, also in what is shown of it', async (t) => {
  const { call, at, use } = await bench(t)
  writeFileSync(at('a.txt'), 'x'.repeat(5_000_000))
  const input = { path: 'a.txt', old: 'x', new: 'y'.repeat(100_000), all: true }
  for (const { output } of [await call(edit, input), (await edit.preview!(input, use())) as { output: string }])
    assert.match(output, /larger than 10 MB/)
  assert.equal(statSync(at('a.txt')).size, 5_000_000)
  const wide = await call(write, { path: 'b.txt', content: '€'.repeat(5_000_000) })
  assert.match(wide.output, /larger than 10 MB/)
  assert.equal(existsSync(at('b.txt')), false)
})

test('a file whose lines end in both ways is edited where it has the ones that were given', async (t) => {
  const { call, at } = await bench(t)
  writeFileSync(at('a.txt'), 'one\r\ntwo\nthree\nfour\r\n')
  assert.equal((await call(edit, { path: 'a.txt', old: 'two\nthree', new: '2\n3' })).ok, true)
  assert.equal(readFileSync(at('a.txt'), 'utf8'), 'one\r\n2\n3\nfour\r\n')
  writeFileSync(at('b.txt'), '\ufeffone\ntwo')
  assert.equal((await call(edit, { path: 'b.txt', old: 'one\ntwo', new: '1' })).ok, true)
  assert.equal(readFileSync(at('b.txt'), 'utf8'), '\ufeff1')
})

test('a change that came to nothing stands in the way of no undo', async (t) => {
  const { call, at, store, blobs, run, use } = await bench(t)
  writeFileSync(at('a.txt'), 'first')
  await call(edit, { path: 'a.txt', old: 'first', new: 'second' })
  // Kept, and then the disk, or another hand, did not let it be.
  await use().versions.keep(use(), { path: 'a.txt', before: Buffer.from('second'), after: Buffer.from('third') })
  await use().versions.keep(use(), { path: 'new.txt', before: null, after: Buffer.from('never') })
  const undone = await undoing({ store, blobs }).undo(LOCAL, run, null)
  assert.deepEqual(undone, { restored: ['a.txt'], kept: [] })
  assert.equal(readFileSync(at('a.txt'), 'utf8'), 'first')
  assert.deepEqual(await undoing({ store, blobs }).undo(LOCAL, run, null), { restored: [], kept: [] })
})

test('what became a folder, is gone, or may not be written, is left as it is by undo, which says why and goes on', async (t) => {
  const { call, at, store, blobs, run, around, folder } = await bench(t)
  for (const path of ['dir', 'gone', 'shut/x', 'fine']) await call(write, { path, content: path })
  rmSync(at('dir'))
  mkdirSync(at('dir'))
  rmSync(at('gone'))
  chmodSync(at('shut'), 0o555)
  const { restored, kept } = await asAnother([around, folder, at('dir')], () =>
    undoing({ store, blobs }).undo(LOCAL, run, null),
  )
  chmodSync(at('shut'), 0o700)
  assert.deepEqual(restored, ['fine'])
  assert.deepEqual(kept.map(({ path }) => path).sort(), ['dir', 'shut/x'])
  assert.match(kept.find(({ path }) => path === 'dir')!.why, /is a folder/)
  assert.match(kept.find(({ path }) => path === 'shut/x')!.why, /permission/)
})

test('files that are large, are no text, or may not be written, are told as such and stay', async (t) => {
  const { call, at, around, folder } = await bench(t)
  writeFileSync(at('big'), 'x')
  truncateSync(at('big'), 100 * 1024 * 1024)
  writeFileSync(at('bin'), Buffer.from([1, 0, 2]))
  writeFileSync(at('held'), 'held')
  mkdirSync(at('shut'))
  writeFileSync(at('shut/x'), 'shut')
  chmodSync(at('shut'), 0o555)
  assert.match((await call(read, { path: 'big' })).output, /larger than 10 MB/)
  assert.match((await call(edit, { path: 'big', old: 'x', new: 'y' })).output, /larger than 10 MB/)
  assert.match((await call(write, { path: 'big', content: 'small' })).output, /larger than 10 MB/)
  assert.match((await call(edit, { path: 'bin', old: 'x', new: 'y' })).output, /is no text/)
  const refused = await asAnother([around, folder], () => call(write, { path: 'shut/x', content: 'open' }))
  assert.match(refused.output, /permission denied/)
  assert.equal(readFileSync(at('shut/x'), 'utf8'), 'shut')
  assert.deepEqual(readdirSync(at('shut')), ['x'])
  chmodSync(at('shut'), 0o700)
})

test('a file that may only be read is not written, also where its folder may be, and nobody is asked for it', async (t) => {
  const { call, at, use, store, run } = await bench(t)
  writeFileSync(at('a.txt'), 'mine')
  chmodSync(at('a.txt'), 0o444)
  const writing = { path: 'a.txt', content: 'theirs' }
  const editing = { path: 'a.txt', old: 'mine', new: 'theirs' }
  for (const { ok, output } of [
    await call(write, writing),
    await call(edit, editing),
    (await write.preview!(writing, use())) as { ok: boolean; output: string },
    (await edit.preview!(editing, use())) as { ok: boolean; output: string },
  ]) {
    assert.equal(ok, false)
    assert.match(output, /may only be read/)
  }
  assert.deepEqual([readFileSync(at('a.txt'), 'utf8'), statSync(at('a.txt')).mode & 0o777], ['mine', 0o444])
  assert.deepEqual(await store.acts.versionsOf(LOCAL, run, null), [])
})

test('where what was before cannot be kept, nothing is written, and it is said why', async (t) => {
  const { call, at } = await bench(t)
  writeFileSync(at('a.txt'), 'old')
  const versions = {
    keep: async () => {
      throw new Fault('disk.full', { path: '/home/x/.pkn' })
    },
  }
  const { ok, output } = await call(write, { path: 'a.txt', content: 'new' }, { versions })
  assert.equal(ok, false)
  assert.match(output, /no room|full/i)
  assert.equal(readFileSync(at('a.txt'), 'utf8'), 'old')
})

test('a disk that is full in the middle of a write leaves the old file whole, and nothing beside it', async (t) => {
  const { call, at, folder } = await bench(t)
  if (!mounted(folder)) return t.skip('no file system can be mounted here')
  try {
    writeFileSync(at('a.txt'), 'old')
    const { ok, output } = await call(write, { path: 'a.txt', content: 'x'.repeat(4_000_000) })
    assert.deepEqual([ok, output], [false, 'The disk is full, so nothing was written.'])
    assert.deepEqual([readFileSync(at('a.txt'), 'utf8'), readdirSync(folder)], ['old', ['a.txt']])
    execFileSync('mount', ['-o', 'remount,ro', folder])
    assert.match((await call(write, { path: 'a.txt', content: 'new' })).output, /may not be done here/)
  } finally {
    execFileSync('umount', [folder])
  }
})

/** One of a megabyte. */
function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
