import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { newLexer } from './grammar.ts'
import { feed, finish, NO_BLOCKS, type Blocks } from './blocks.ts'

const SAMPLE = `Intro with *emphasis* and a [link][1].
A second line
## Heading right after a paragraph
#hashtag, not a heading

- one
- two

  with a paragraph
    - nested
1. first
2. second

| a | b |
|---|--:|
| 1 | 2 |

\`\`\`ts
const x = 1

// # not a heading
- not a list
\`\`\`
~~~~
\`\`\`
inner fence
\`\`\`
~~~~
> quote
> more
lazy

    indented code

Setext
======
text
---

<div>html &amp; such</div>

[1]: https://example.org
Ünïcödé 🦊 and a tail`

/** The same numbers for the same seed: a failure can be run again. */
function random(seed: number): () => number {
  return () => {
    seed = (seed * 1664525 + 1013904223) % 4294967296
    return seed / 4294967296
  }
}

function inPieces(text: string, next: () => number, most: number): { last: Blocks; steps: Blocks[] } {
  const steps: Blocks[] = []
  let blocks = NO_BLOCKS
  for (let upTo = 0; upTo < text.length;) {
    upTo = Math.min(text.length, upTo + 1 + Math.floor(next() * most))
    blocks = feed(blocks, text.slice(0, upTo))
    steps.push(blocks)
  }
  return { last: blocks, steps }
}
const joined = (blocks: Blocks) => blocks.done.map((block) => block.raw).join('') + blocks.open
const kinds = (raws: readonly string[]) =>
  raws.flatMap((raw) =>
    newLexer()
      .lex(raw)
      .filter((token) => token.type !== 'space')
      .map((token) => `${token.type}: ${token.raw.trim()}`),
  )

describe('the incremental splitter', () => {
  it('loses no character, however the text is cut', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { last, steps } = inPieces(SAMPLE, random(seed), 1 + (seed % 40))
      assert.equal(joined(last), SAMPLE, `seed ${seed}`)
      for (const step of steps) assert.ok(SAMPLE.startsWith(joined(step)), `seed ${seed}`)
    }
  })

  it('finds the blocks that the whole text has, however it is cut', () => {
    const whole = kinds([SAMPLE])
    for (let seed = 1; seed <= 100; seed++) {
      const { last } = inPieces(SAMPLE, random(seed), 1 + (seed % 60))
      assert.deepEqual(kinds(finish(last).map((block) => block.raw)), whole, `seed ${seed}`)
    }
  })

  it('never changes a block that it has called finished', () => {
    for (let seed = 1; seed <= 50; seed++) {
      let before: Blocks = NO_BLOCKS
      for (const step of inPieces(SAMPLE, random(seed), 25).steps) {
        for (const [i, block] of before.done.entries()) assert.equal(step.done[i], block)
        before = step
      }
    }
  })

  it('survives random Markdown', () => {
    const scraps = [
      '# ',
      '\n',
      '\n\n',
      '- ',
      '```',
      '```js\n',
      '~~~\n',
      '| a | b |\n',
      '|---|---|\n',
      'word ',
      '> ',
      '    ',
      '1. ',
      '===\n',
      '*',
      '`',
      '[x](',
      ')',
      '\t',
      '<b>',
      '&amp;',
      '🦊',
    ]
    for (let seed = 1; seed <= 300; seed++) {
      const next = random(seed)
      const text = Array.from({ length: 60 }, () => scraps[Math.floor(next() * scraps.length)]).join('')
      assert.equal(joined(inPieces(text, next, 12).last), text, `seed ${seed}`)
    }
  })

  it('takes line ends of every kind for one kind, also when they are cut in two', () => {
    const { last } = inPieces('a\r\n\r\nb\rc\n\r\nd', random(7), 1)
    assert.equal(joined(last), 'a\n\nb\nc\n\nd')
  })

  it('does not take a line that has only begun for a new block', () => {
    const blocks = feed(NO_BLOCKS, 'A paragraph\n#')
    assert.deepEqual(blocks.done, [])
    assert.equal(feed(blocks, 'A paragraph\n#tag\n').done.length, 0)
  })

  it('knows an open fence and its language before the fence closes', () => {
    const blocks = feed(NO_BLOCKS, 'Look:\n\n```python title="x"\nprint(1)\n')
    assert.equal(blocks.fence?.info, 'python title="x"')
    assert.equal(blocks.open.slice(blocks.fence?.body), 'print(1)\n')
    assert.equal(feed(blocks, 'Look:\n\n```python title="x"\nprint(1)\n```\n').fence, null)
  })

  it('loses nothing of a block that is too long to be looked at each time', () => {
    const text = `- item\n${'- another item\n'.repeat(4000)}\nend\n\n${'x'.repeat(50_000)}\n\n# after`
    const { last } = inPieces(text, random(3), 900)
    assert.equal(joined(last), text)
    assert.deepEqual(kinds(finish(last).map((block) => block.raw)), kinds([text]))
  })

  it('costs about the same per character at the end of a long text as at its beginning', () => {
    const text = SAMPLE.repeat(60)
    const cost = (from: number, to: number, start: Blocks) => {
      const began = performance.now()
      let blocks = start
      for (let at = from; at < to; at += 20) blocks = feed(blocks, text.slice(0, at))
      return { ms: performance.now() - began, blocks }
    }
    cost(0, 8000, NO_BLOCKS)
    const first = cost(0, 8000, NO_BLOCKS)
    const middle = feed(NO_BLOCKS, text.slice(0, text.length - 8000))
    const last = cost(text.length - 8000, text.length, middle)
    assert.ok(last.ms < 8 * first.ms, `${last.ms} ms after ${first.ms} ms`)
  })
})
