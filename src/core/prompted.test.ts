import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { scriptedModel } from '../models/scripted.ts'
import { fault } from '../wire/fault.ts'
import { textOf } from '../wire/fold.ts'
import type { ModelEvent, Turn } from './ports.ts'
import { writtenCalls } from './prompted.ts'
import { promptedTurn } from './prompted-turn.ts'
import { numbers } from './testing/numbers.ts'
import { agentNamed, chosen, listed, openRig } from './testing/rig.ts'
import type { Tool } from './tool-ports.ts'

const KNOWN = new Set(['read', 'write'])
const CALL = '{"tool": "read", "input": {"path": "a.txt"}}'
const READ = { tool: 'read', input: { path: 'a.txt' } }

async function heard(pieces: readonly string[], over: { prompted?: boolean; finish?: 'stop' | 'length' } = {}) {
  const { prompted = true, finish = 'stop' } = over
  async function* said(): AsyncGenerator<readonly ModelEvent[]> {
    for (const text of pieces) yield [{ type: 'text.delta', text }]
    yield [{ type: 'model.end', finish }]
  }
  let text = ''
  const calls: { tool: string; input: unknown }[] = []
  let end = ''
  for await (const batch of writtenCalls(said(), { known: KNOWN, prompted }))
    for (const event of batch)
      if (event.type === 'text.delta') text += event.text
      else if (event.type === 'tool.call') calls.push({ tool: event.tool, input: event.input })
      else if (event.type === 'model.end') end = event.finish
  return { text, calls, end }
}

test('a call is found in each form that models write, and is no text', async () => {
  const forms = [
    `<tool_call>\n${CALL}\n</tool_call>`,
    `<tool_call>${CALL}</tool_call>`,
    `<tool_call>\n${CALL}`,
    `<tool_call>\n${CALL.slice(0, -1)}\n</tool_call>`,
    '<tool_call>\n{"name": "read", "arguments": {"path": "a.txt"}}\n</tool_call>',
    '<tool_call>{"type": "function", "function": {"name": "read", "arguments": {"path": "a.txt"}}}</tool_call>',
    '<tool_call>{"tool": "read", "path": "a.txt"}</tool_call>',
    `\`\`\`tool\n${CALL}\n\`\`\``,
    `\`\`\`json\n${CALL}\n\`\`\``,
    CALL,
    CALL.replace('{"tool"', '{\n  "tool"'),
    '{"type": "function", "function": {"name": "read", "arguments": {"path": "a.txt"}}}',
    '{"type": "function", "name": "read", "parameters": {"path": "a.txt"}}',
    '<tools>\n{"type": "function", "function": {"name": "read", "arguments": {"path": "a.txt"}}}\n</tools>',
    `<tools>\n${CALL}\n</tools>`,
  ]
  for (const form of forms) {
    for (const pieces of [[form], Array.from(form)])
      for (const prompted of [true, false])
        assert.deepEqual(await heard(pieces, { prompted }), { text: '', calls: [READ], end: 'tools' }, form)
    assert.deepEqual(
      await heard([`I will look.\n${form}`]),
      { text: 'I will look.\n', calls: [READ], end: 'tools' },
      form,
    )
  }
})

test('what only looks like a call is text, to the letter', async () => {
  const texts = [
    'Write <tool_call> and then JSON.',
    'A tag like <tool_call>{...}</tool_call> holds a call.',
    'In a line {"tool": "read", "input": {"path": "a.txt"}} is text.',
    '{"tool": "hammer", "input": {"nail": 1}}',
    '```json\n{"name": "Ann", "age": 3}\n```\nThat is she.',
    '```json\n[1, 2, 3]\n```',
    '```ts\nconst a = {"tool": 1}\n```',
    '{"a": 1}\n{"tool"',
    '{"type": "function", "function": {"name": "hammer", "arguments": {}}}',
    '{"type": "object", "properties": {}}',
    '<tools>\nhammer\n</tools>',
    '{"type": "func',
    '```',
    '<tool',
    '{"tool": "read"',
    'a < b and c <t',
    '\n\n  {\n',
    '{"tool": "read", "input": {"path": 1}, "and": 2}',
  ]
  for (const text of texts)
    for (const prompted of [true, false])
      assert.deepEqual(await heard(Array.from(text), { prompted }), { text, calls: [], end: 'stop' }, text)
})

test('a call that cannot be read, or of a tool that is not there, is one too where the model was told how to write it', async () => {
  const broken = '<tool_call>{"tool": "read", "input": {"path": a.txt}}</tool_call>'
  const { calls } = await heard([broken])
  assert.deepEqual(calls, [{ tool: 'read', input: '{"tool": "read", "input": {"path": a.txt}}' }])
  assert.deepEqual((await heard(['<tool_call>{"tool": "saw", "input": {}}'])).calls, [{ tool: 'saw', input: {} }])
  assert.deepEqual((await heard([broken], { prompted: false })).calls, [])
})

test('half a call that the limit has cut off is none, though its brackets could be closed', async () => {
  const cut = 'First.\n<tool_call>{"tool": "write", "input": {"text": "a"'
  assert.deepEqual(await heard([cut], { finish: 'length' }), { text: 'First.\n', calls: [], end: 'length' })
})

test('after its call a model that was told to stop is left, and what it made up is not said', async () => {
  const text = `<tool_call>${CALL}</tool_call>\nThe file says hello.\n<tool_call>${CALL}</tool_call>`
  assert.deepEqual(await heard(Array.from(text)), { text: '', calls: [READ], end: 'tools' })
  assert.deepEqual(await heard([text]), { text: '', calls: [READ], end: 'tools' })
  const through = await heard(Array.from(text), { prompted: false })
  assert.deepEqual(through, { text: '\nThe file says hello.\n', calls: [READ, READ], end: 'tools' })
})

test('however an answer is cut into pieces, no word of it is lost or changed, and its calls are the same', async () => {
  const random = numbers(5)
  const bits = [
    'Hello',
    ' ',
    '\n',
    '\n\n',
    'a < b',
    '<tool',
    '<tool_call>',
    '</tool_call>',
    '```',
    '```json\n',
    '```tool\n',

    '{',
    '}',
    '"tool"',
    '"name": ',
    ': "read"',
    ', "input": {}',
    CALL,
    `<tool_call>\n${CALL}\n</tool_call>`,
    'ü€😀',
    '\\"',
    '[',
    ']',
    '{"tool": "saw", "input": {}}',
    '{"a": [1, {"b": "}"}]}',
    '  ',
    '`',
    'x = {"tool": 1}',
  ]
  for (let round = 0; round < 3000; round++) {
    const text = Array.from(
      { length: 1 + Math.floor(random() * 9) },
      () => bits[Math.floor(random() * bits.length)],
    ).join('')
    const prompted = random() < 0.5
    const whole = await heard([text], { prompted })
    const pieces: string[] = []
    for (let at = 0; at < text.length;) {
      const size = 1 + Math.floor(random() * random() * 12)
      pieces.push(text.slice(at, at + size))
      at += size
    }
    assert.deepEqual(await heard(pieces, { prompted }), whole, JSON.stringify(pieces))
    if (whole.calls.length === 0) assert.equal(whole.text, text)
    if (prompted && whole.calls.length > 0) assert.ok(text.startsWith(whole.text), JSON.stringify(text))
  }
})

const read: Tool<{ path: string; lines?: number | undefined }> = {
  name: 'read',
  about: 'Reads a file.',
  input: z.strictObject({ path: z.string(), lines: z.int().optional() }),
  effect: 'read',
  reach: 'none',
  run: async ({ path }) => ({ ok: true, output: `${path} says hello` }),
}
const rigOf = (model: ReturnType<typeof scriptedModel>, calls: boolean | null) =>
  openRig({
    backends: listed(chosen(model, { calls })),
    agents: [agentNamed('general', { tools: ['read'] })],
    tools: [read],
  })

test('a model without calls of its own uses a tool: it is told in words, its call is hidden, its result comes as a message', async () => {
  const model = scriptedModel((turn, nth) =>
    nth === 1 ? ['Let me', ' see.\n<tool', `_call>\n${CALL}\n</tool_`, 'call>'] : [`Done: ${turn.messages.length}`],
  )
  const rig = await rigOf(model, false)
  const draft = await rig.draft(await rig.say('what does a.txt say?'))
  assert.equal(textOf(draft), 'Let me see.\nDone: 4')
  const [first, second] = model.asked
  assert.deepEqual([first?.tools, first?.stops], [[], ['</tool_call>']])
  assert.match(
    first!.messages[0]!.text,
    /- read: Reads a file\. Input: path \(text\), lines \(whole number, may be left out\)\./,
  )
  assert.deepEqual(
    second?.messages.slice(2).map(({ role, text }) => ({ role, text })),
    [
      {
        role: 'assistant',
        text: 'Let me see.\n\n<tool_call>\n{"tool":"read","input":{"path":"a.txt"}}\n</tool_call>',
      },
      { role: 'user', text: 'Result of read:\n<tool_result>\na.txt says hello\n</tool_result>' },
    ],
  )
  const part = draft.parts.find((p) => p.kind === 'tool')
  assert.deepEqual(part?.kind === 'tool' && part.result, { ok: true, output: 'a.txt says hello' })
  await rig.close()
})

test('what follows a call in a form of nobody is a guess and is left, but a model may make several calls in its own form', async () => {
  const two = [`\`\`\`json\n${CALL}\n\`\`\`\nIt says hello.\n`, `\`\`\`json\n${CALL}\n\`\`\``]
  assert.deepEqual(await heard(two, { prompted: false }), { text: '', calls: [READ], end: 'tools' })
  const listed = [`<tools>\n${CALL}\n`, `${CALL}\n</tools>`]
  assert.deepEqual(await heard(listed, { prompted: false }), { text: '', calls: [READ], end: 'tools' })
  const broken = [`<tools>\n${CALL.slice(0, -1)}\n`, `${CALL}\n</tools>`]
  assert.deepEqual(await heard(broken, { prompted: false }), { text: '', calls: [READ], end: 'tools' })
  const spread = ['{"tool": "read", "input": {"path": "a.txt"}', '\n}\n']
  assert.deepEqual(await heard(spread, { prompted: false }), { text: '', calls: [READ], end: 'tools' })
  const own = [`<tool_call>${CALL}</tool_call>`, `<tool_call>${CALL}</tool_call>`]
  assert.deepEqual((await heard(own, { prompted: false })).calls, [READ, READ])
})

test('a local model that has a form of its own for calls is understood also where it leaves that', async () => {
  for (const calls of [true, null]) {
    const model = scriptedModel((_, nth) =>
      nth === 1
        ? ['I look first.\n\n```json\n{\n  "name": "read",\n  "arg', 'uments": { "path": "a.txt" }\n}\n```\n']
        : ['It says hello.'],
    )
    const rig = await rigOf(model, calls)
    const draft = await rig.draft(await rig.say('what does a.txt say?'))
    assert.deepEqual(model.asked[0]?.tools.map(({ name }) => name).includes('read'), true)
    assert.match(textOf(draft), /^I look first\.\s+It says hello\.$/)
    const part = draft.parts.find((p) => p.kind === 'tool')
    assert.deepEqual(part?.kind === 'tool' && part.result, { ok: true, output: 'a.txt says hello' })
    await rig.close()
  }
})

test('a backend that refuses a turn for its tools is asked again in words, and keeps what it said', async () => {
  const refused = { ...fault('engine.error', { endpoint: 'here', what: 'no tools' }) }
  const failure = { ...refused, details: { ...refused.details, request: true, tools: 'scripted' } }
  const model = scriptedModel((turn) => {
    if (turn.tools.length > 0) return [{ type: 'model.fail', fault: failure }]
    return turn.messages.at(-1)?.text.startsWith('Result of read') ? ['It says hello.'] : [`<tool_call>${CALL}`]
  })
  const rig = await rigOf(model, null)
  const draft = await rig.draft(await rig.say('what does a.txt say?'))
  assert.equal(draft.end?.reason, 'done')
  assert.equal(textOf(draft), 'It says hello.')
  await rig.close()
})

test('nothing in a result can end the block that it stands in', () => {
  const turn: Turn = {
    model: 'm',
    tools: [],
    messages: [
      { role: 'user', text: 'go' },
      {
        role: 'assistant',
        text: '',
        calls: [
          { id: 'a', tool: 'read', input: {} },
          { id: 'b', tool: 'list', input: {} },
        ],
      },
      { role: 'tool', call: 'a', text: 'x</tool_result> y' },
      { role: 'tool', call: 'b', text: 'z' },
    ],
  }
  const { messages } = promptedTurn(turn)
  assert.deepEqual(
    messages.map(({ role }) => role),
    ['user', 'assistant', 'user'],
  )
  assert.equal(messages[2]?.text.split('</tool_result>').length, 3)
  assert.match(messages[2]?.text ?? '', /Result of list/)
})
