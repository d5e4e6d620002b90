import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aboutCall, callWords } from './call-words.ts'
import { diffRows } from './diff-rows.ts'
import { plainOutput, verbatim } from './verbatim.ts'

describe('what a call is about', () => {
  it('is one short line, whatever a model wrote', () => {
    assert.equal(callWords('read', { path: 'src/a.ts', from: 3 }), 'read src/a.ts')
    assert.equal(callWords('shell', { command: 'npm test', network: true }), 'run npm test')
    assert.equal(callWords('server__do', { n: 1, m: [2] }), 'server__do 1 [2]')
    assert.equal(callWords('list', {}), 'list the folder')
    assert.equal(callWords('system', {}), 'look at this machine')
    assert.equal(callWords('remember', { text: 'Tea at six.' }), 'remember “Tea at six.”')
    const hostile = aboutCall({ path: `a\u202Etxt.exe\n\u001B[31m${'x'.repeat(100_000)}` })
    assert.ok(hostile.length <= 120)
    for (const char of ['\n', '\u001B', '\u202E']) assert.ok(!hostile.includes(char))
  })
})

describe('a text that a person decides about', () => {
  it('loses nothing, and hides nothing', () => {
    const text = 'rm \u202Etxt.\u001B[2K\u200Bok\r\nnext \u{E0041}'
    const pieces = verbatim(text)
    assert.equal(pieces.map((p) => (p.hidden ? '' : p.text)).join(''), 'rm txt.[2Kok\r\nnext ')
    assert.deepEqual(
      pieces.flatMap((p) => (p.hidden ? [p.text] : [])),
      ['U+202E', 'ESC', 'U+200B', 'U+E0041'],
    )
  })
  it('is without the colours of a terminal where it is output', () => {
    assert.equal(plainOutput('\u001B[32mok\u001B[0m\r\n10 %\r50 %\r100 %\n\u001B]0;title\u0007end'), 'ok\n100 %\nend')
  })
})

describe('a diff', () => {
  it('has the numbers of the lines before and after', () => {
    const rows = diffRows('@@ -4,3 +4,4 @@\n a\n-b\n+c\n+d\n e\n@@ -20,1 +21,0 @@\n-z')
    assert.deepEqual(
      rows.map(({ kind, old, now, text }) => [kind, old, now, text]),
      [
        ['gap', null, null, '@@ -4,3 +4,4 @@'],
        ['same', 4, 4, 'a'],
        ['out', 5, null, 'b'],
        ['in', null, 5, 'c'],
        ['in', null, 6, 'd'],
        ['same', 6, 7, 'e'],
        ['gap', null, null, '@@ -20,1 +21,0 @@'],
        ['out', 20, null, 'z'],
      ],
    )
    assert.deepEqual(
      diffRows('@@ -0,0 +1,1 @@\n+new').map(({ kind, now }) => [kind, now]),
      [['in', 1]],
    )
  })
})
