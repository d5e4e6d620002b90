import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { basename, join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Json } from '../wire/event.ts'
import { edit } from './edit.ts'
import { glob } from './glob.ts'
import { grep } from './grep.ts'
import { list } from './list.ts'
import { read } from './read.ts'
import { systemClock } from '../clock.ts'
import { openMemory } from '../store/memory.ts'
import { shell } from './shell.ts'
import { openShells } from './shells.ts'
import { openBench } from './testing/bench.ts'
import { egressTo } from './testing/web-server.ts'
import { write } from './write.ts'

const SECRET = 'the secret that is not theirs'

/** A workspace beside a secret, with every kind of way to it that a model, a cloned repository or another process may lay. */
async function besieged(t: TestContext) {
  const bench = await openBench()
  t.after(bench.close)
  const { around, folder } = bench
  const inside = (path: string) => join(folder, path)
  writeFileSync(join(around, 'secret'), SECRET)
  mkdirSync(join(around, 'work-too'))
  writeFileSync(join(around, 'work-too', 'secret'), SECRET)
  mkdirSync(inside('a/b'), { recursive: true })
  writeFileSync(inside('a/b/mine.txt'), 'mine\n')
  symlinkSync('../secret', inside('link'))
  symlinkSync(join(around, 'secret'), inside('absolute'))
  symlinkSync('..', inside('up'))
  symlinkSync('/', inside('root'))
  symlinkSync('a/../../secret', inside('winding'))
  symlinkSync('link', inside('chain'))
  symlinkSync('loop', inside('loop'))
  symlinkSync('/proc/self/cwd', inside('cwd'))
  symlinkSync('/proc/self/environ', inside('environ'))
  symlinkSync('../work-too', inside('a/twin'))
  symlinkSync('../nowhere', inside('dangling'))
  linkSync(join(around, 'secret'), inside('hard'))
  execFileSync('mkfifo', [inside('pipe')])
  return { ...bench, inside }
}

const NAMES = (around: string, folder: string): [string, string][] => [
  ['one level up', '../secret'],
  ['up from below', 'a/../../secret'],
  ['up and back beside', `../${basename(folder)}/../secret`],
  ['an absolute path', join(around, 'secret')],
  ['an absolute path through the workspace', join(folder, '..', 'secret')],
  ['a folder whose name begins like the workspace', `${folder}-too/secret`],
  ['the same from below', '../work-too/secret'],
  ['a NUL that ends the name early', '../secret\0.txt'],
  ['a NUL within', 'a/b/mine.txt\0/../../../secret'],
  ['a link', 'link'],
  ['a link that is absolute', 'absolute'],
  ['a link to the folder above', 'up/secret'],
  ['a link to the root', `root${around}/secret`],
  ['a link that winds', 'winding'],
  ['a link to a link', 'chain'],
  ['a link to itself', 'loop'],
  ['a link within a folder', 'a/twin/secret'],
  ['through a file', 'a/b/mine.txt/../../../../secret'],
  ['a hard link', 'hard'],
  ['a pipe', 'pipe'],
  ['this process, by /proc', '/proc/self/environ'],
  ['its folder, by /proc', `/proc/self/cwd/../secret`],
  ['/proc through a link', 'environ'],
  ['/proc through the root', 'root/proc/self/environ'],
  ['a folder by /proc', 'cwd/package.json'],
  ['an open file of this process', '/proc/self/fd/0'],
  ['a device', '/dev/zero'],
  ['the device through the root', 'root/dev/zero'],
  ['a URL', `file://${around}/secret`],
  ['the home folder', '~/../../etc/passwd'],
  ['a percent', '%2e%2e/secret'],
  ['a backslash', '..\\secret'],
  ['other dots', '‥/secret'],
  ['a very long way up', `${'../'.repeat(2000)}etc/passwd`],
  ['a very long name', 'x'.repeat(300)],
  ['nothing', '.'],
]

test('no name leads out of the workspace: nothing outside is read, listed, searched, made or changed', async (t) => {
  const { around, folder, call } = await besieged(t)
  const before = readdirSync(around).toSorted()
  const tried: string[] = []
  for (const [what, path] of NAMES(around, folder)) {
    const inputs: [Parameters<typeof call>[0], Json][] = [
      [read, { path }],
      [list, { path, depth: 5 }],
      [glob, { pattern: '**', path }],
      [grep, { pattern: 'secret', path }],
      [edit, { path, old: SECRET, new: 'gone' }],
    ]
    const outputs = await Promise.all(inputs.map(async ([tool, input]) => [tool, await call(tool, input)] as const))
    for (const [tool, { output }] of outputs) {
      const text = JSON.stringify(output)
      assert.ok(!text.includes(SECRET) && !/root:x:|PATH=|passwd\b.*\n/.test(text), `${what}: ${tool.name} ${text}`)
    }
    await call(write, { path, content: 'theirs' })
    tried.push(what)
  }
  assert.equal(readFileSync(join(around, 'secret'), 'utf8'), SECRET)
  assert.equal(readFileSync(join(around, 'work-too', 'secret'), 'utf8'), SECRET)
  assert.deepEqual(readdirSync(around).toSorted(), before, 'nothing was made beside the workspace')
  assert.equal(existsSync(join(around, 'nowhere')), false)
  assert.equal(tried.length, 36)
})

test('a link that dangles out of the workspace is not written through', async (t) => {
  const { around, call } = await besieged(t)
  const made = await call(write, { path: 'dangling', content: 'theirs' })
  assert.equal(made.ok, false)
  assert.equal(existsSync(join(around, 'nowhere')), false)
})

test('a socket and a pipe hold nobody up', async (t) => {
  const { call, inside } = await besieged(t)
  const server = createServer().listen(inside('socket'))
  t.after(() => server.close())
  for (const path of ['pipe', 'socket'])
    assert.match((await call(read, { path })).output, /no plain file|may not|could not/)
})

test('a folder that is swapped for a link while files in it are read and written leads nowhere else', async (t) => {
  const { around, folder, call, inside } = await besieged(t)
  mkdirSync(inside('swap'))
  writeFileSync(inside('swap/secret'), 'mine')
  mkdirSync(join(around, 'outside'))
  writeFileSync(join(around, 'outside', 'secret'), SECRET)
  const swapping = new URL('./testing/swap.ts', import.meta.url).pathname
  const { spawn } = await import('node:child_process')
  const swapper = spawn(process.execPath, [swapping, folder, join(around, 'outside')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => swapper.once('exit', resolve))
  await new Promise((resolve) => swapper.stdout.once('data', resolve))
  let [own, refused] = [0, 0]
  // Until the race was lost and won, on a machine however quick.
  for (let i = 0; i < 5000 && (i < 150 || own === 0 || refused === 0); i++) {
    const { ok, output } = await call(read, { path: 'swap/secret' })
    assert.ok(!JSON.stringify(output).includes(SECRET))
    if (ok) own++
    else refused++
    await call(write, { path: `swap/new-${i}`, content: 'x' })
    const grepped = await (i % 50 === 0
      ? call(grep, { pattern: 'secret', path: 'swap' })
      : Promise.resolve({ output: '' }))
    assert.ok(!JSON.stringify(grepped.output).includes(SECRET))
  }
  swapper.stdin.end()
  await ended
  assert.deepEqual(readdirSync(join(around, 'outside')), ['secret'], 'nothing was made outside')
  assert.ok(own > 0 && refused > 0, `the race was run: ${own} read, ${refused} refused`)
})

test('a workspace on whose way a folder became a link is used by no tool: what the link leads to is another folder', async (t) => {
  const { around, call, use } = await besieged(t)
  const folder = join(around, 'outer/middle/inner')
  mkdirSync(folder, { recursive: true })
  mkdirSync(join(around, 'private/inner'), { recursive: true })
  writeFileSync(join(around, 'private/inner/secret'), SECRET)
  // As a command could that works in the outer one, between the look at the folder and its use.
  renameSync(join(around, 'outer/middle'), join(around, 'outer/aside'))
  symlinkSync(join(around, 'private'), join(around, 'outer/middle'))
  const here = { folder, subject: { kind: 'files' as const, paths: ['secret', '', 'new'] } }
  for (const { ok, output } of [
    await call(read, { path: 'secret' }, here),
    await call(list, {}, here),
    await call(glob, { pattern: '*' }, here),
    await call(grep, { pattern: 'secret' }, here),
    await call(write, { path: 'new', content: 'x' }, here),
  ])
    assert.deepEqual([ok, output], [false, 'The folder was replaced meanwhile.'])
  const shells = openShells({
    clock: systemClock,
    store: openMemory({ clock: systemClock }),
    egress: egressTo(1),
    say: () => {},
  })
  t.after(shells.close)
  const run = await shell({ shells, clock: systemClock }).run({ command: 'cat secret; touch new' }, use(here))
  assert.match(JSON.stringify(run), /"ok":false.*The folder was replaced meanwhile/)
  assert.deepEqual(readdirSync(join(around, 'private/inner')), ['secret'])
})

test('a file that a link named when the call was judged is not another one when it is made', async (t) => {
  const { use, inside } = await besieged(t)
  writeFileSync(inside('allowed.txt'), 'fine\n')
  writeFileSync(inside('forbidden.txt'), 'keep\n')
  symlinkSync('allowed.txt', inside('alias'))
  const subject = await write.subject!({ path: 'alias', content: 'x' }, use())
  assert.deepEqual(subject, { kind: 'files', paths: ['allowed.txt'] })
  unlinkSync(inside('alias'))
  symlinkSync('forbidden.txt', inside('alias'))
  const made = await write.run({ path: 'alias', content: 'x' }, use({ subject }))
  assert.match(JSON.stringify(made.output), /leads elsewhere/)
  assert.equal(readFileSync(inside('forbidden.txt'), 'utf8'), 'keep\n')
  renameSync(inside('forbidden.txt'), inside('moved.txt'))
})
