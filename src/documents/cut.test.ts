import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { numbers } from '../core/testing/numbers.ts'
import { cut } from './cut.ts'
import { termsAsked, termsOf } from './terms.ts'

const linesOf = (text: string, from: number, to: number) =>
  text
    .split('\n')
    .slice(from - 1, to)
    .join('\n')

describe('a document in passages', () => {
  test('has every line of it in one, whatever it is, and each is where it says', () => {
    const random = numbers(11)
    const some = (n: number) => Math.trunc(random() * n)
    for (let round = 0; round < 200; round++) {
      const line = () => ['', '', '# Heading', '```', 'Grüße 𝒳 '.repeat(some(30)), 'x'.repeat(some(3000)), 'def f():', '  return 1'][some(8)]! // prettier-ignore
      const text = Array.from({ length: some(80) }, line).join('\n')
      const bytes = Buffer.from(text)
      const told = new Set<number>()
      for (const piece of cut(text, ['a.md', 'a.py', 'a'][round % 3]!)) {
        assert.equal(bytes.subarray(piece.at, piece.at + piece.bytes).toString(), piece.text)
        if (piece.from < piece.to) assert.equal(linesOf(text, piece.from, piece.to), piece.text)
        else assert.ok(linesOf(text, piece.from, piece.to).includes(piece.text))
        assert.ok(piece.text.length <= 1500, `${piece.text.length}`)
        for (let n = piece.from; n <= piece.to; n++) told.add(n)
      }
      for (const [i, one] of text.split('\n').entries()) assert.ok(one.trim() === '' || told.has(i + 1))
    }
  })

  test('begins at headings, and knows those above it; a # within code is none', () => {
    const long = 'Words that fill the section. '.repeat(20)
    const text = `# One\n\n${long}\n\n## Two\n\n${long}\n\n\`\`\`sh\n# no heading\n\`\`\`\n\nThree\n=====\n\n${long}`
    assert.deepEqual(
      cut(text, 'a.md').map(({ from, trail }) => [from, trail]),
      [
        [1, 'One'],
        [5, 'One › Two'],
        [13, 'Three'],
      ],
    )
  })

  test('is cut before functions, and names the one that it is in', () => {
    const body = Array.from({ length: 14 }, (_, i) => `  const value${i} = compute(${i}) // and so on, line after line`)
    const text = ['one', 'two', 'three'].map((name) => `export function ${name}() {\n${body.join('\n')}\n}`).join('\n')
    assert.deepEqual(
      cut(text, 'a.ts').map(({ from, to, trail }) => [from, to, trail]),
      [
        [1, 16, 'export function one() {'],
        [17, 32, 'export function two() {'],
        [33, 48, 'export function three() {'],
      ],
    )
  })
})

describe('terms', () => {
  test('are the same for what is asked and what is written', () => {
    for (const [asked, written] of [
      ['crème brûlée', 'Creme Brulees'],
      ['retry delay', 'retryDelay'],
      ['indexing', 'indexed'],
      ['stopped', 'stop'],
      ['caches', 'cached'],
      ['HTTP server', 'HTTPServer'],
      ['東京の天気', '今日の東京の天気'],
    ] as const) {
      const held = new Set(termsOf(written))
      assert.ok(
        termsAsked(asked).every((term) => held.has(term)),
        `${termsAsked(asked).join(' ')} in ${[...held].join(' ')}`,
      )
    }
  })

  test('of a question leave out what stands in every question', () => {
    assert.deepEqual(termsAsked('Hello! Could you please tell me what the timeout is?'), ['timeout'])
    assert.deepEqual(termsAsked('Hallo, kannst du mir bitte sagen, wo das Zeitlimit steht?'), ['zeitlimit', 'steht'])
    assert.deepEqual(termsAsked('how are you'), [])
    assert.ok(termsAsked('x '.repeat(100_000)).length === 0)
  })
})
