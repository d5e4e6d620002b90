import assert from 'node:assert/strict'
import { it } from 'node:test'
import { answerReader, type Piece } from './answer-reader.ts'
import { callForm } from './call-form.ts'

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

const call = (name: string, input: Record<string, unknown>): Piece => ({ kind: 'call', name, input })
const llama = callForm('{{ "Environment: ipython" }} {"name": function name, "parameters": dictionary}')
const mistral = callForm('[TOOL_CALLS]')

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
    'what goes on from a thought',
    ' and so\n</think>\n\nyes',
    [thought(' and so'), text('yes')],
    { resumes: 'thought' },
  ],
  ['what goes on from a text', ' and <think>', [text(' and <think>')], { resumes: 'text' }],
  [
    'a closing tag in a call',
    '<tool_call>{"name":"a","arguments":{"x":"</tool_call>"}}</tool_call>',
    [call('a', { x: '</tool_call>' })],
  ],
  [
    'calls that stand first without a tag',
    '{"name": "a", "parameters": {"x": "}"}}; {"name": "b", "parameters": {}}',
    [call('a', { x: '}' }), call('b', {})],
    { form: llama },
  ],
  ['a call behind its sign', '<|python_tag|>{"name": "a", "parameters": {}}', [call('a', {})], { form: llama }],
  ['JSON that is no call', '{"names": [1]} {"name": 1}', [text('{"names": [1]} {"name": 1}')], { form: llama }],
  [
    'a list of calls',
    'ok [TOOL_CALLS][{"name": "a", "arguments": {}}, {"name": "b", "arguments": {}}]',
    [text('ok'), call('a', {}), call('b', {})],
    { form: mistral },
  ],
  ['a thought in square brackets', '[THINK]hm[/THINK]yes', [thought('hm'), text('yes')]],
  [
    'a thought in a channel of its own',
    '<|channel|>analysis<|message|>hm<|start|>assistant<|channel|>final<|message|>yes',
    [thought('hm'), text('yes')],
  ],
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

it('drops half a call that the limit has cut, and no other', () => {
  for (const [cut, left] of [
    [true, []],
    [false, [text('<tool_call>{"name":"a"')]],
  ] as const) {
    const reader = answerReader({ thinking: false, tools: true })
    reader.push('<tool_call>{"name":"a"')
    assert.deepEqual(reader.calling(), { nth: 1, body: '{"name":"a"' })
    assert.deepEqual(reader.flush(cut), left)
    assert.deepEqual(reader.flush(), [])
  }
})
