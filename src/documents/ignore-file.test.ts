import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ignoredBy } from './ignore-file.ts'

// What git 2.39 leaves out by the same rules (git check-ignore).
const RULES = [
  ['*.log', '!keep.log', 'dist/', '/build', '**/cache', 'docs/*.tmp', '*.py[cod]', 'a/**/z', 'x?y', 'q/**', 'f[!a]o'],
  ['\\#hash', 'sp\\ ace', '**/deep/*.md', '*.egg*', 'w/**/i*j*k/*.z*'],
].flat()
const OUT = [
  ['a.log', 'd/a.log', 'build', 'cache', 'd/e/cache', 'docs/a.tmp', 'x.pyc', 'a/z', 'a/b/z', 'a/b/c/z', 'xzy', 'q/a'],
  [
    'q/a/b',
    'fbo',
    '#hash',
    'sp ace',
    'deep/a.md',
    'o/deep/a.md',
    'b.egg-info',
    'd/.eggs',
    'w/ijk/a.z',
    'w/v/i1j2k/.zip',
  ],
].flat()
const IN = [
  ['keep.log', 'd/keep.log', 'd/build', 'docs/e/a.tmp', 'x.pyx', 'b/a/z', 'x/y', 'q', 'fao', 'o/deep/p/a.md', 'dist'],
  ['hash', 'w/ij/k/a.z', 'w/ijk/v/a.z', 'ijk/a.z', 'a.logs', 'az'],
].flat()

test('what git leaves out is left out, and nothing else', () => {
  const ignored = ignoredBy(RULES.join('\n'))
  assert.deepEqual(
    OUT.filter((path) => !ignored(path, false)),
    [],
  )
  assert.deepEqual(
    IN.filter((path) => ignored(path, false)),
    [],
  )
  assert.equal(ignored('d/dist', true), true)
})

test('no pattern takes long, whatever it is held against', () => {
  const harmless = Array.from({ length: 20 }, (_, i) => `*.end${i}`).join('\n')
  const hostile = ['**/'.repeat(90), '*a'.repeat(60), '**a'.repeat(60), '?*'.repeat(60)].map((stars) => `${stars}/b`)
  const path = `${'a/'.repeat(60)}${'a'.repeat(200)}c`
  const took = (rules: string) => {
    const ignored = ignoredBy(rules)
    const began = performance.now()
    for (let i = 0; i < 20; i++) assert.equal(ignored(path, false), false)
    return performance.now() - began
  }
  took(harmless)
  const ratio = took(hostile.join('\n')) / took(harmless)
  assert.ok(ratio < 5000, `${ratio.toFixed(0)} times as long`)
})
