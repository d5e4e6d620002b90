import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { feed, finish, NO_BLOCKS } from './blocks.ts'
import { citedIn } from './cited-in.ts'
import { fileName, languageOf } from './code-file.ts'
import { newLexer } from './grammar.ts'
import { hardPart } from './hard.ts'
import { revealed } from './hidden.ts'
import { linksIn } from './links-in.ts'

type Piece = {
  type: string
  raw: string
  tex?: string
  display?: boolean
  name?: string
  tokens?: Piece[]
  items?: Piece[]
}
const all = (tokens: readonly Piece[]): Piece[] =>
  tokens.flatMap((token) => [token, ...all(token.tokens ?? []), ...all(token.items ?? [])])
const formulas = (text: string): string[] =>
  all(newLexer().lex(text) as Piece[])
    .filter(({ type }) => type === 'math' || type === 'mathBlock')
    .map(({ tex, display }) => (display === true ? `display ${tex}` : tex!))

describe('formulas', () => {
  it('are found in each of the four ways to write them', () => {
    assert.deepEqual(formulas('a $x^2$ b \\(y\\) c $$z$$ d \\[w\\]'), ['x^2', 'y', 'display z', 'display w'])
    assert.deepEqual(formulas('text\n$$\na\n+ b\n$$\nmore\n\\[\nc\n\\]'), ['display a\n+ b', 'display c'])
    assert.deepEqual(formulas('- item\n\n  $$\n  a\n  $$\n\n> $b$'), ['display a', 'b'])
    assert.deepEqual(formulas('$5x + 2$ and $2 \\cdot 3$ and $n$-th'), ['5x + 2', '2 \\cdot 3', 'n'])
  })

  it('are not found in money, code and shell variables', () => {
    for (const text of [
      'It costs $5 and $10.',
      'from $5 to $10, or $1,000.50',
      '$5-$10',
      'US$20 and US$30',
      '$5 or 10$',
      '`$a$`',
      '```\n$$\na\n$$\n```',
      'echo $HOME/$USER',
      '$HOME and $PATH',
      '\\$a\\$',
      'a $ b $ c',
      '$$\n\nnever closed',
    ])
      assert.deepEqual(formulas(text), [], text)
  })
})

it('a footnote holds what is indented below it, and no more', () => {
  const tokens = newLexer().lex('x[^1] y[^b]\n\n[^1]: one\n  more\n\n    a paragraph\n[^b]: two\n\nafter') as Piece[]
  const notes = tokens.filter(({ type }) => type === 'note')
  assert.deepEqual(
    notes.map(({ name, tokens }) => [name, tokens?.filter(({ type }) => type === 'paragraph').length]),
    [
      ['1', 2],
      ['b', 1],
    ],
  )
  assert.equal(all(tokens).filter(({ type }) => type === 'noteRef').length, 2)
})

it('what would take too long to format is found, and ends with its paragraph', () => {
  for (const bad of ['>'.repeat(100), '- '.repeat(100), '*a '.repeat(3000), '['.repeat(3000), 'x'.repeat(4000)]) {
    const text = `before\n\n${bad}\nthe same\n\nafter`
    const hard = hardPart(text)
    assert.ok(hard !== null, bad.slice(0, 10))
    assert.equal(text.slice(hard.from, hard.to), `${bad}\nthe same\n\n`)
    assert.deepEqual(
      finish(feed(NO_BLOCKS, text)).map(({ raw }) => raw.length),
      [8, hard.to - hard.from, 5],
    )
  }
  for (const good of [
    '- a **b** `c`\n'.repeat(3000),
    `|a|b|\n|-|-|\n${'|**x**|[y](https://z.example)|\n'.repeat(2000)}`,
    `![x](data:image/png;base64,${'A'.repeat(9000)})`,
    'word '.repeat(9000),
  ])
    assert.equal(hardPart(good), null, good.slice(0, 20))
})

it('code is saved under the name that was given with it, and never under a path', () => {
  for (const [info, code, name] of [
    ['ts', '', 'pkn-code.ts'],
    ['', '', 'pkn-code.txt'],
    ['dockerfile', '', 'Dockerfile'],
    ['ts title="src/a.ts"', '', 'a.ts'],
    ['python:app/main.py', '', 'main.py'],
    ['sh filename=../../.bashrc', '', 'bashrc'],
    ['js', '// src/web/main.js\nlet x', 'main.js'],
    ['py', '# just a comment', 'pkn-code.py'],
    ['constructor', '', 'pkn-code.txt'],
    ['x title="a\u202Egnp.exe"', '', 'agnp.exe'],
  ] as const)
    assert.equal(fileName(info, code), name, info)
  assert.equal(languageOf('python:app/main.py'), 'python')
  assert.equal(languageOf('ts {1,2}'), 'ts')
})

it('what cannot be seen in code is spelt out', () => {
  assert.equal(revealed('a\u202Eb\u0000c\td\n'), 'a⟨U+202E⟩b⟨U+0000⟩c\td\n')
})

describe('random pieces of Markdown', () => {
  const SCRAPS =
    String.raw`# |- |1. |> |  |    |$$|$|\[|\]|\(|\)|x^2|[^1]|[^1]: |[a](b)|~~~|${'```'}|${'```js'}|---|word |**|_|$5|a,b|&amp;|\u202E`
      .split('|')
      .concat(['\n', '\n', '\n\n', '| a | b |\n|---|---|\n', '| c |\n', '\\'])
  const random = (seed: number) => () => (seed = (seed * 1664525 + 1013904223) % 4294967296) / 4294967296
  const shapes = (raws: readonly string[]) =>
    raws.flatMap((raw) =>
      newLexer()
        .lex(raw)
        .filter(({ type }) => type !== 'space')
        .map(({ type, raw }) => `${type}: ${raw.trim()}`),
    )

  it('give the same blocks in pieces as at once, and lose nothing', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const next = random(seed)
      const text = Array.from({ length: 50 }, () => SCRAPS[Math.floor(next() * SCRAPS.length)]).join('')
      let blocks = NO_BLOCKS
      for (let at = 0; at < text.length;) {
        at = Math.min(text.length, at + 1 + Math.floor(next() * 9))
        blocks = feed(blocks, text.slice(0, at))
      }
      const streamed = finish(blocks).map(({ raw }) => raw)
      const atOnce = finish(feed(NO_BLOCKS, text)).map(({ raw }) => raw)
      assert.equal(streamed.join(''), text, `seed ${seed}`)
      assert.deepEqual(shapes(streamed), shapes(atOnce), `seed ${seed}`)
    }
  })
})

describe('citations', () => {
  it('are numbers in square brackets, one or several, wherever words are', () => {
    assert.deepEqual(
      citedIn('So [1], and [2, 3]; also[4][5].\n\n- **bold [6]**\n\n| a |\n|---|\n| [7] |\n\n> so [8]'),
      [1, 2, 3, 4, 5, 6, 7, 8],
    )
  })
  it('are neither code nor links nor footnotes nor tasks', () => {
    for (const text of [
      '`a[1]`',
      '```\nx[1]\n```',
      'a [1](https://example.org) link',
      'a [1] link\n\n[1]: https://example.org',
      'a [words][1] link\n\n[1]: https://example.org',
      'a [1][x] link\n\n[x]: https://example.org',
      'a [see [1]](https://example.org) link',
      'a note[^1]\n\n[^1]: here',
      '- [ ] to do\n- [x] done',
      '$a[1]$',
      '\\[1]',
      '[1234] [a1] [1.2] []',
    ])
      assert.deepEqual(citedIn(text), [], text)
  })
  it('are those, too, for which a list of files stands below', () => {
    assert.deepEqual(citedIn('So [1] and [2].\n\n[1]: notes.md\n[2]: https://example.org'), [1])
  })
  it('lead to the passage of their number, also where the model gives that number an address; which is seen then', () => {
    const text = 'So [1], [2] and [words][1].\n\n[1]: https://evil.example/a "A title"\n[2]: https://example.org\n'
    const has = (n: number) => n === 1
    assert.deepEqual(citedIn(text, has), [1])
    assert.deepEqual(citedIn(text), [])
    const raws = finish(feed(NO_BLOCKS, text)).map(({ raw }) => raw)
    assert.deepEqual(Object.keys(linksIn(raws, has) ?? {}), ['2'])
    const drawn = all(newLexer(has).lex(text))
    const links = drawn.filter(({ type }) => type === 'link').map(({ raw }) => raw)
    assert.deepEqual(links, ['[2]', 'https://evil.example/a'])
    assert.equal(newLexer(has).lex(text).map(({ raw }) => raw).join(''), text) // prettier-ignore
    assert.equal(linksIn(['[1]:\n  <https://evil.example/b>\n'], has), null)
    // A list of files is none of addresses.
    assert.deepEqual(newLexer(has).lex('[1]: notes.md').map(({ type }) => type), ['def']) // prettier-ignore
  })
  it('cost no more in a text that is made of their beginnings', () => {
    const began = performance.now()
    citedIn('plain words of the same length '.repeat(2000))
    citedIn('[1 '.repeat(600))
    const hostile = ['[1'.repeat(900), '[1, '.repeat(700), '[1]['.repeat(500), '[1'.repeat(20_000)]
    for (const text of hostile) citedIn(text)
    assert.ok(performance.now() - began < 5000)
  })
})
