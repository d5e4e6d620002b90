import assert from 'node:assert/strict'
import { test } from 'node:test'
import { titleOf } from './title.ts'

const cases: [name: string, text: string, title: string][] = [
  ['a short line stays as it is', 'Say hello', 'Say hello'],
  ['a question keeps its mark', 'Why is the sky blue?', 'Why is the sky blue?'],
  ['the first line that says something is taken', '\n\n---\n  \nThe point\nmore', 'The point'],
  ['white space becomes one blank', '  a \t  b\u00a0\u200b c  ', 'a b c'],
  ['a heading loses its marks', '### **Fix** the `parser` in [core](http://x.y/z)', 'Fix the parser in core'],
  [
    'an address with brackets in it goes with its link',
    'Read [this page](https://en.wikipedia.org/wiki/Lisp_(language)) for me',
    'Read this page for me',
  ],
  ['a list item and a quote lose theirs', '> - [ ] buy *milk*', 'buy milk'],
  ['a numbered item loses its number', '1. first do this', 'first do this'],
  ['names with underscores and stars in code survive', 'rename my_long_name to a*b*c', 'rename my_long_name to a*b*c'],
  ['inside a fence the code is the title', '```ts\nconst answer = 42\n```', 'const answer = 42'],
  ['a year is not a list item', '2024 was warm', '2024 was warm'],
  [
    'a long line is cut at a word',
    'Please explain to me in great detail how the garbage collector of V8 works today',
    'Please explain to me in great detail how the garbage…',
  ],
  ['no comma is left before the cut', `${'word '.repeat(11)}word, more text`, `${'word '.repeat(11)}word…`],
  ['one endless word is cut inside', 'x'.repeat(200), `${'x'.repeat(60)}…`],
  ['an emoji is not cut in half', '👨‍👩‍👧'.repeat(70), `${'👨‍👩‍👧'.repeat(60)}…`],
  ['text without letters is its own title', '?!', '?!'],
]
for (const [name, text, title] of cases) test(name, () => assert.equal(titleOf(text), title))

test('Chinese, Japanese and Thai text is cut though it has no blanks', () => {
  for (const text of [
    '请详细解释一下垃圾回收器是如何工作的，'.repeat(6),
    'ガベージコレクタの仕組みを詳しく説明してください。'.repeat(6),
    'ช่วยอธิบายการทำงานของตัวเก็บขยะให้ละเอียด'.repeat(6),
  ]) {
    const title = titleOf(text)
    assert.ok(title.endsWith('…') && title.length > 40 && title.length <= 100, title)
    assert.ok(text.startsWith(title.slice(0, -1)))
  }
})

test('a title is never empty, never long, and takes no time', () => {
  for (const text of [
    '',
    '   ',
    '#',
    '``````',
    '*'.repeat(100_000),
    '[('.repeat(50_000),
    '_a '.repeat(50_000),
    '\ud800',
  ]) {
    const title = titleOf(text)
    assert.ok(title.length <= 61, String(title.length))
    assert.equal(title === '', text.trim() === '')
  }
})
