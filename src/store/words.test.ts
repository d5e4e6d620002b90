import assert from 'node:assert/strict'
import { test } from 'node:test'
import { around, asked } from './words.ts'

const shown = (text: string, question: string) =>
  around(text, asked(question))
    .map(({ text, hit }) => (hit ? `[${text}]` : text))
    .join('')

test('a question is words and nothing else', () => {
  assert.deepEqual(asked('"Foo* AND (bär'), ['foo', 'and', 'bar'])
  assert.deepEqual(asked('*** "" ( )'), [])
  assert.deepEqual(asked('tea teapot'), ['teapot'])
  assert.deepEqual(
    asked('a b c d word 日 本'),
    ['a', 'b', 'word', '日', '本'],
    'letters, of which every text is full, are few',
  )
})

test('what was found is marked, whatever its accents, case and ending', () => {
  assert.equal(shown('Ein schöner Tag', 'schon'), 'Ein [schöner] Tag')
  assert.equal(shown('cafe\u0301 au lait', 'CAFÉ'), '[cafe\u0301] au lait')
  assert.equal(shown('nothing', 'else'), 'nothing')
})

test('of a long text about 160 characters are shown, where the most words stand together', () => {
  const filler = 'lorem ipsum dolor '.repeat(200)
  const text = `one ${filler} one and two ${filler}`
  const parts = shown(text, 'one two')
  assert.match(parts, /\[one\] and \[two\]/)
  assert.ok(parts.length < 220 && parts.startsWith('… ') && parts.endsWith(' …'))
})

test('a text of four megabytes without a space is shown as well, and no character is cut in two', () => {
  const parts = shown(`${'😀'.repeat(50)} needle ${'😀'.repeat(1_000_000)}`, 'needle')
  assert.match(parts, /\[needle\]/)
  assert.ok(parts.isWellFormed())
})
