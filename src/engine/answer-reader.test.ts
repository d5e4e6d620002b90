import assert from 'node:assert/strict'
import { it } from 'node:test'
import { answerReader, type Piece } from './answer-reader.ts'

type Options = Parameters<typeof answerReader>[0]

/** What is said in all, with neighbours of one kind joined. */
function read(parts: string[], options: Partial<Options> = {}): Piece[] {
  const reader = answerReader({ thinking: false, tools: true, ...options })
  const out: Piece[] = []
  for (const piece of [...parts.flatMap((part) => reader.push(part)), ...reader.flush()]) {
    const last = out.at(-1)
    if (last !== undefined && last.kind !== 'call' && last.kind === piece.kind) last.text += piece.text
    else out.push({ ...piece })
  }
  return out
}
const thought = (text: string): Piece => ({ kind: 'thought', text })
const text = (text: string): Piece => ({ kind: 'text', text })

const cases: [name: string, answer: string, pieces: Piece[], options?: Partial<Options>][] = [
  ['plain text', 'one  two\n\nthree', [text('one  two\n\nthree')]],
  ['a thought, then text', '<think>\nhm\n</think>\n\nyes', [thought('hm'), text('yes')]],
  ['an empty thought', '<think>\n\n</think>\n\nyes', [text('yes')]],
  ['a thought begun by the prompt', 'hm</think>yes', [thought('hm'), text('yes')], { thinking: true }],
  ['a thought without an end', '<think>hm and', [thought('hm and')]],
  ['a tag that is only spoken of', 'the tag <think> is one', [text('the tag <think> is one')]],
  ['what looks like a tag at first', '<thing> <tool_box>', [text('<thing> <tool_box>')]],
  [
    'text and two calls',
    'Let me see.\n<tool_call>\n{"name": "a", "arguments": {"x": "<b>"}}\n</tool_call>\n<tool_call>{"name":"b"}</tool_call>\n',
    [text('Let me see.'), { kind: 'call', name: 'a', input: { x: '<b>' } }, { kind: 'call', name: 'b', input: {} }],
  ],
  [
    'a call without its closing tag',
    '<tool_call>{"name":"a","arguments":{}}',
    [{ kind: 'call', name: 'a', input: {} }],
  ],
  ['a call that is not JSON', 'so: <tool_call>{name}</tool_call> ok', [text('so:\n<tool_call>{name}</tool_call> ok')]],
  ['a call that was cut off', '<tool_call>{"name":"a","argu', [text('<tool_call>{"name":"a","argu')]],
  [
    'a call that nobody can take',
    '<tool_call>{"name":"a"}</tool_call>',
    [text('<tool_call>{"name":"a"}</tool_call>')],
    { tools: false },
  ],
]

for (const [name, answer, pieces, options] of cases)
  it(`reads ${name}, wherever it is cut`, () => {
    assert.deepEqual(read([answer], options), pieces)
    assert.deepEqual(read(answer.split(''), options), pieces)
    for (let at = 1; at < answer.length; at += 1)
      assert.deepEqual(read([answer.slice(0, at), answer.slice(at)], options), pieces)
  })

it('keeps nothing back but what may be a tag or the end', () => {
  const reader = answerReader({ thinking: false, tools: true })
  assert.deepEqual(reader.push('so <to'), [text('so')])
  assert.deepEqual(reader.push('day> '), [text(' <today>')])
  assert.deepEqual(reader.push('x'), [text(' x')])
})
