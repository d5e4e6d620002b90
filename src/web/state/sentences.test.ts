import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newSentences, spokenText } from './sentences.ts'

/** What is told when a text comes in pieces of a size. */
function told(text: string, size: number): string[] {
  const all: string[] = []
  let to = 0
  for (let at = size; ; at += size) {
    const step = newSentences(text.slice(0, at), to, at >= text.length)
    to = step.to
    if (step.words !== '') all.push(step.words)
    if (at >= text.length) return all
  }
}

test('sentences are told whole and once, however the text comes in', () => {
  const text = 'The first one. And **another** one, with 3.5 of it! A list:\n\n- one\n- two\n\nThe end'
  const whole = told(text, text.length).join(' ')
  for (let size = 1; size < 30; size++) {
    const pieces = told(text, size)
    assert.equal(pieces.join(' ').replaceAll(/\s+/g, ' '), whole.replaceAll(/\s+/g, ' '))
    for (const piece of pieces.slice(0, -1)) assert.match(piece, /[.!:]$|two$/)
  }
})

test('code is told to be there, and not before it is whole', () => {
  const text = 'Look. \n\n```js\nlet a. b = 1\n```\n\nDone. '
  assert.deepEqual(told(text, 7).join(' '), 'Look. A block of code. Done.')
})

test('marks are not told', () => {
  assert.equal(spokenText('# A `name` of\n\n> **great** [worth](https://x.org/a)'), 'A name of great worth')
  assert.equal(spokenText('| a | b |\n|---|---|\n| 1 | 2 |'), 'a b 1 2')
})
