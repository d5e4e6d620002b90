import assert from 'node:assert/strict'
import { existsSync, linkSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync, chmodSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { LOCAL } from '../wire/id.ts'
import { diffOf } from './diff.ts'
import { edit } from './edit.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'
import { read } from './read.ts'
import { openBench } from './testing/bench.ts'
import { undoing } from './undo.ts'
import { write } from './write.ts'

async function bench(t: TestContext) {
  const there = await openBench()
  t.after(there.close)
  return {
    ...there,
    put: (path: string, text: string | Buffer) => {
      mkdirSync(join(there.folder, path, '..'), { recursive: true })
      writeFileSync(join(there.folder, path), text)
    },
    text: (path: string) => readFileSync(join(there.folder, path), 'utf8'),
  }
}

test('a file is read with numbered lines, in pages, and what is no text is told as such', async (t) => {
  const { put, call } = await bench(t)
  put('a.txt', 'one\ntwo\nthree\n')
  assert.equal((await call(read, { path: 'a.txt' })).output, '1\tone\n2\ttwo\n3\tthree')
  assert.equal(
    (await call(read, { path: './a.txt', from: 2, lines: 1 })).output,
    '2\ttwo\n(lines 2 to 2 of 3; read on with "from": 3)',
  )
  put('b.bin', Buffer.from([1, 0, 2]))
  put('c.bin', Buffer.from([0xff, 0xfe, 0x41]))
  put('empty', '')
  for (const [path, said] of [
    ['b.bin', /no text/],
    ['c.bin', /no text/],
    ['empty', /empty/],
    ['none', /no file/],
    ['.', /folder/],
  ] as const)
    assert.match((await call(read, { path })).output, said)
  assert.match((await call(read, { path: 'a.txt', from: 9 })).output, /3 lines only/)
})

test('a file is made with its folders, replaced whole, and keeps its mode; a person sees the change', async (t) => {
  const { call, text, folder } = await bench(t)
  const made = await call(write, { path: 'x/y/a.sh', content: 'one\n' })
  assert.deepEqual([made.ok, text('x/y/a.sh')], [true, 'one\n'])
  chmodSync(join(folder, 'x/y/a.sh'), 0o755)
  const again = await call(write, { path: 'x/y/a.sh', content: 'one\ntwo\n' })
  assert.equal(statSync(join(folder, 'x/y/a.sh')).mode & 0o777, 0o755)
  assert.deepEqual(again.shown, {
    kind: 'diff',
    path: 'x/y/a.sh',
    diff: '@@ -1,1 +1,2 @@\n one\n+two',
    added: 1,
    removed: 0,
    created: false,
  })
  assert.match((await call(write, { path: 'x/y/a.sh', content: 'one\ntwo\n' })).output, /exactly that already/)
  assert.match((await call(write, { path: 'x/y', content: '' })).output, /folder/)
})

test('the preview of a change shows what would come of it, and does nothing', async (t) => {
  const { use, put, text, folder } = await bench(t)
  put('a.txt', 'one\n')
  const shown = await write.preview!({ path: 'a.txt', content: 'two\n' }, use())
  assert.deepEqual(shown, {
    ok: true,
    shown: { kind: 'diff', path: 'a.txt', diff: '@@ -1,1 +1,1 @@\n-one\n+two', added: 1, removed: 1, created: false },
  })
  assert.equal(text('a.txt'), 'one\n')
  const fresh = await write.preview!({ path: 'new/deep.txt', content: 'x' }, use())
  assert.equal(fresh.ok && fresh.shown.kind === 'diff' && fresh.shown.created, true)
  assert.equal(existsSync(join(folder, 'new')), false)
  const wrong = await edit.preview!({ path: 'a.txt', old: 'three', new: 'x' }, use())
  assert.equal(wrong.ok, false)
})

test('an exact text is replaced once, or everywhere if that is meant; else it is told where it nearly stands', async (t) => {
  const { call, put, text } = await bench(t)
  put('a.ts', 'let a = 1\nlet b  =  2\nlet a = 1\r\n')
  assert.match((await call(edit, { path: 'a.ts', old: 'let a = 1', new: 'x' })).output, /2 times/)
  assert.match(
    (await call(edit, { path: 'a.ts', old: 'let b = 2', new: 'x' })).output,
    /line 2 it stands with other spaces/,
  )
  assert.match((await call(edit, { path: 'a.ts', old: 'nothing', new: 'x' })).output, /Read the file first/)
  assert.match((await call(edit, { path: 'none', old: 'a', new: 'x' })).output, /no file/)
  assert.equal((await call(edit, { path: 'a.ts', old: 'let b  =  2', new: 'let b = $& $1' })).ok, true)
  assert.match(text('a.ts'), /let b = \$& \$1/)
  assert.equal((await call(edit, { path: 'a.ts', old: 'let a = 1', new: 'let c = 3', all: true })).ok, true)
  assert.equal(text('a.ts'), 'let c = 3\nlet b = $& $1\nlet c = 3\r\n')
})

test('a file with Windows line ends keeps them when it is edited by a model that writes others', async (t) => {
  const { call, put, text } = await bench(t)
  put('a.txt', 'one\r\ntwo\r\nthree\r\n')
  assert.equal((await call(edit, { path: 'a.txt', old: 'one\ntwo', new: '1\n2' })).ok, true)
  assert.equal(text('a.txt'), '1\r\n2\r\nthree\r\n')
})

test('what a run wrote is undone in turn, but not what was changed since', async (t) => {
  const { call, put, text, folder, store, blobs, run } = await bench(t)
  put('a.txt', 'one\n')
  put('b.txt', 'one\n')
  await call(write, { path: 'a.txt', content: 'two\n' })
  await call(edit, { path: 'a.txt', old: 'two', new: 'three' })
  await call(write, { path: 'b.txt', content: 'two\n' })
  await call(write, { path: 'new.txt', content: 'made\n' })
  writeFileSync(join(folder, 'b.txt'), 'by hand\n')
  const { restored, kept } = await undoing({ store, blobs }).undo(LOCAL, run, null)
  assert.deepEqual(restored, ['new.txt', 'a.txt'])
  assert.deepEqual(
    kept.map(({ path }) => path),
    ['b.txt'],
  )
  assert.deepEqual([text('a.txt'), text('b.txt'), existsSync(join(folder, 'new.txt'))], ['one\n', 'by hand\n', false])
  const more = await undoing({ store, blobs }).undo(LOCAL, run, null)
  assert.deepEqual(more.restored, [])
})

test('a folder is listed, files are found by name and by what they hold', async (t) => {
  const { call, put, folder } = await bench(t)
  put('src/a.ts', 'export const one = 1\n')
  put('src/deep/b.tsx', 'export const two = one\n')
  put('node_modules/x/index.js', 'one')
  put('read me.md', '# One\n')
  symlinkSync('src', join(folder, 'link'))
  assert.equal((await call(list, {})).output, 'link (a link)\nnode_modules/\nread me.md\nsrc/')
  assert.match((await call(list, { depth: 3 })).output, /src\/deep\/b\.tsx[\s\S]*left out/)
  assert.equal((await call(list, { path: 'link' })).output, 'src/a.ts\nsrc/deep/')
  assert.match((await call(glob, { pattern: '**/*.{ts,tsx}' })).output, /^src\/a\.ts\nsrc\/deep\/b\.tsx/)
  assert.equal((await call(glob, { pattern: '*.ts', path: 'src' })).output, 'src/a.ts')
  assert.equal((await call(glob, { pattern: '[!s]*/**', path: 'src' })).output, 'src/deep/b.tsx')
  assert.match((await call(glob, { pattern: '**/*.py' })).output, /No file/)
  assert.equal(
    (await call(grep, { pattern: 'const (one|two)' })).output,
    'src/a.ts:1: export const one = 1\nsrc/deep/b.tsx:1: export const two = one',
  )
  assert.equal((await call(grep, { pattern: 'ONE', ignore_case: true, files: '*.md' })).output, 'read me.md:1: # One')
  assert.equal(
    (await call(grep, { pattern: 'two', path: 'src/deep/b.tsx' })).output,
    'src/deep/b.tsx:1: export const two = one',
  )
  assert.match((await call(grep, { pattern: '(' })).output, /no regular expression/)
})

test('a regular expression that takes for ever is ended by its time, and holds up nobody', async (t) => {
  const { call, put } = await bench(t)
  put('a.txt', `${'a'.repeat(60)}!\n`)
  const stop = new AbortController()
  const found = call(grep, { pattern: '^(a+)+$' }, { signal: stop.signal })
  let ticks = 0
  const ticking = setInterval(() => {
    if (++ticks === 5) stop.abort()
  }, 20)
  assert.match((await found).output, /took too long/)
  clearInterval(ticking)
  assert.ok(ticks >= 5)
})

test('a change is shown as a diff with what stands around it', () => {
  const before = Array.from({ length: 30 }, (_, i) => `l${i}`).join('\n')
  const shown = diffOf('a', before, before.replace('l5\n', '').replace('l20', 'new'))
  assert.deepEqual([shown.added, shown.removed], [1, 2])
  assert.match(
    shown.diff,
    /^@@ -3,7 \+3,6 @@\n l2\n l3\n l4\n-l5\n l6\n l7\n l8\n@@ -18,7 \+17,7 @@\n l17\n l18\n l19\n-l20\n\+new\n l21/,
  )
  assert.equal(diffOf('a', null, 'x\ny\n').diff, '@@ -0,0 +1,2 @@\n+x\n+y')
  const huge = (n: number) => Array.from({ length: 30_000 }, (_, i) => `${n}${i}`).join('\n')
  assert.equal(diffOf('a', huge(1), huge(2)).added, 30_000)
})

test('what has another name outside, or is no plain file, is left alone; a link within the workspace is followed', async (t) => {
  const { around, folder, call, put, text } = await bench(t)
  writeFileSync(join(around, 'secret'), 'top secret')
  linkSync(join(around, 'secret'), join(folder, 'hard'))
  symlinkSync('../secret', join(folder, 'soft'))
  put('real/a.txt', 'here\n')
  symlinkSync('real', join(folder, 'inner'))
  assert.match((await call(read, { path: 'hard' })).output, /several names/)
  assert.match((await call(read, { path: 'soft' })).output, /leads out of the workspace/)
  const through = await call(read, { path: 'inner/a.txt' })
  assert.deepEqual([through.output, through.subject], ['1\there', { kind: 'files', paths: ['real/a.txt'] }])
  assert.equal((await call(write, { path: 'inner/a.txt', content: 'new\n' })).ok, true)
  assert.equal(text('real/a.txt'), 'new\n')
  assert.equal(readFileSync(join(around, 'secret'), 'utf8'), 'top secret')
})
