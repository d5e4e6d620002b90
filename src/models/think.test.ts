import assert from 'node:assert/strict'
import { test } from 'node:test'
import { thinkTags } from './think.ts'

function read(pieces: readonly string[]): { thought: string; text: string; held: boolean } {
  const said = { thought: '', text: '' }
  const tags = thinkTags((kind, piece) => (said[kind] += piece))
  for (const piece of pieces) tags.take(piece)
  const before = said.thought.length + said.text.length
  tags.end()
  return { ...said, held: said.thought.length + said.text.length > before }
}
const cutEverywhere = (text: string): string[][] => [
  [text],
  text.split(''),
  ...Array.from({ length: text.length - 1 }, (_, i) => [text.slice(0, i + 1), text.slice(i + 1)]),
]

const CASES: [what: string, content: string, thought: string, text: string][] = [
  ['tags around the start', '<think>\nHm.\n</think>\n\nYes.', 'Hm.\n', 'Yes.'],
  ['white space before the tag', '\n <think>Hm.</think>Yes.', 'Hm.', 'Yes.'],
  ['an empty thought', '<think>\n\n</think>\n\nYes.', '', 'Yes.'],
  ['a thought that never ends', '<think>Hm, hm', 'Hm, hm', ''],
  ['a thought that ends in half a tag', '<think>a < b </thi', 'a < b </thi', ''],
  ['no tag at all', '  Plain text.', '', '  Plain text.'],
  ['half a tag', '<thin air>', '', '<thin air>'],
  ['an answer that is half a tag', '<th', '', '<th'],
  ['a tag in the middle', 'Write `<think>` and `</think>`.', '', 'Write `<think>` and `</think>`.'],
  [
    'tags in the answer after a thought',
    '<think>Hm.</think>Use <think> and </think>.',
    'Hm.',
    'Use <think> and </think>.',
  ],
  ['a closing tag alone', 'Hm.</think>Yes.', '', 'Hm.</think>Yes.'],
  ['an opening tag within a thought', '<think>a <think> b</think>c', 'a <think> b', 'c'],
]
for (const [what, content, thought, text] of CASES)
  test(`${what}: thought and text are told apart however the content is cut`, () => {
    for (const pieces of cutEverywhere(content)) {
      const { held: _, ...said } = read(pieces)
      assert.deepEqual(said, { thought, text }, JSON.stringify(pieces))
    }
  })

test('an answer without tags is passed on at once, and not held to its end', () => {
  assert.equal(read(['H', 'i']).held, false)
  assert.equal(read(['<b>', 'Hi']).held, false)
})
