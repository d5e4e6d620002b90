import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Turn } from '../core/ports.ts'
import { callOptions } from './ai-prompt.ts'
import { startMisbehaving } from './misbehave.ts'
import { ollamaModel } from './ollama.ts'
import { ollamaRequest } from './ollama-request.ts'
import { openaiModel } from './openai.ts'
import { openaiRequest } from './openai-request.ts'
import { refusal, toollessModel } from './refusal.ts'
import { collect, turnFor } from './test-kit.ts'

const TURN: Turn = {
  model: 'm',
  messages: [
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'What time is it?' },
    {
      role: 'assistant',
      text: '',
      calls: [
        { id: 'c1', tool: 'clock', input: { zone: 'UTC' } },
        { id: 'c2', tool: 'clock', input: null },
      ],
    },
    { role: 'tool', call: 'c1', text: '12:00' },
    { role: 'tool', call: 'c2', text: 'invalid input' },
  ],
  tools: [{ name: 'clock', about: 'Tells the time.', schema: { type: 'object' } }],
  maxTokens: 100,
  temperature: 0.5,
}
const URL_ = 'http://127.0.0.1:1/v1/chat/completions'

test('only llama.cpp and the engine are sent what others refuse', () => {
  const common = ['max_tokens', 'messages', 'model', 'stream', 'stream_options', 'temperature', 'tools']
  const fields = (kind: 'openai' | 'llama' | 'engine') =>
    Object.keys(JSON.parse(openaiRequest(TURN, kind, URL_)) as object).sort()
  assert.deepEqual(fields('openai'), common)
  assert.deepEqual(fields('llama'), ['cache_prompt', ...common.slice(0, 3), 'return_progress', ...common.slice(3)])
  assert.deepEqual(fields('engine'), fields('llama'))
})

test('a history with tool calls is told in the dialect’s own form, and broken arguments as none', () => {
  const openai = JSON.parse(openaiRequest(TURN, 'openai', URL_)) as { messages: unknown[] }
  const call = (id: string, args: string) => ({ id, type: 'function', function: { name: 'clock', arguments: args } })
  assert.deepEqual(openai.messages.slice(2), [
    { role: 'assistant', content: null, tool_calls: [call('c1', '{"zone":"UTC"}'), call('c2', '{}')] },
    { role: 'tool', tool_call_id: 'c1', content: '12:00' },
    { role: 'tool', tool_call_id: 'c2', content: 'invalid input' },
  ])
  const ollama = JSON.parse(ollamaRequest(TURN, false)) as { messages: unknown[] }
  assert.deepEqual(ollama.messages.slice(2), [
    {
      role: 'assistant',
      content: '',
      tool_calls: [
        { function: { name: 'clock', arguments: { zone: 'UTC' } } },
        { function: { name: 'clock', arguments: {} } },
      ],
    },
    { role: 'tool', content: '12:00', tool_name: 'clock' },
    { role: 'tool', content: 'invalid input', tool_name: 'clock' },
  ])
})

test('what was thought before a call goes back to those who go on from it, and to nobody who would refuse it', () => {
  const messages = TURN.messages.map((m) => (m.role === 'assistant' ? { ...m, thought: 'Hm.' } : m))
  const said = (body: string) => (JSON.parse(body) as { messages: Record<string, unknown>[] }).messages[2]
  assert.equal(said(openaiRequest({ ...TURN, messages }, 'llama', URL_))?.['reasoning_content'], 'Hm.')
  assert.equal(said(openaiRequest({ ...TURN, messages }, 'openai', URL_))?.['reasoning_content'], undefined)
  assert.equal(said(ollamaRequest({ ...TURN, messages }, true))?.['thinking'], 'Hm.')
})

test('where a model is to stop is told to each server in its own form', () => {
  const turn = { ...TURN, stops: ['</tool_call>'] }
  assert.deepEqual((JSON.parse(openaiRequest(turn, 'openai', URL_)) as { stop: unknown }).stop, turn.stops)
  assert.deepEqual((JSON.parse(ollamaRequest(turn, false)) as { options: { stop: unknown } }).options.stop, turn.stops)
  assert.deepEqual(callOptions(turn, AbortSignal.timeout(1)).stopSequences, turn.stops)
})

test('a provider is told of the tools that were called, and that none can be called any more', () => {
  const { tools, toolChoice } = callOptions({ ...TURN, tools: [] }, AbortSignal.timeout(1))
  assert.deepEqual([tools?.map(({ name }) => name), toolChoice], [['clock'], { type: 'none' }])
  assert.equal(callOptions({ ...TURN, messages: [], tools: [] }, AbortSignal.timeout(1)).tools, undefined)
})

test('a refusal of tools is known by the words of each server, and other refusals are not taken for one', () => {
  const of = (status: number, error: unknown) => {
    const failure = refusal(status, JSON.stringify({ error }), { endpoint: 's', model: 'm' })
    return failure === 'loading' ? null : toollessModel(failure)
  }
  const refused = [
    [400, 'registry.ollama.ai/library/gemma:2b does not support tools'],
    [400, { message: '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set' }],
    [500, { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' }],
    [404, { message: 'No endpoints found that support tool use. Try disabling "read".', code: 404 }],
  ] as const
  for (const [status, error] of refused) assert.equal(of(status, error), 'm', JSON.stringify(error))
  for (const error of ['invalid input', { message: 'The model is overloaded' }, { message: 'tool not found: x' }])
    assert.equal(of(400, error), null)
  assert.equal(of(401, 'does not support tools'), null)
})

test('the key goes to the server as a bearer token, and to Ollama goes none', async () => {
  const server = await startMisbehaving()
  try {
    await collect(openaiModel({ name: 's', url: server.url, key: 'secret', kind: 'openai' }), turnFor('hello'))
    await collect(openaiModel({ name: 's', url: `${server.url}/`, kind: 'openai' }), turnFor('hello'))
    assert.deepEqual(
      server.requests.map(({ headers }) => headers.authorization),
      ['Bearer secret', undefined],
    )
  } finally {
    await server.close()
  }
})

test('Ollama is asked to think where the model can, and with the same batch size always', async () => {
  const server = await startMisbehaving()
  try {
    const model = ollamaModel({ name: 's', url: server.url })
    for (const name of ['hello', 'thinking', 'thinking']) await collect(model, turnFor(name))
    assert.deepEqual(
      server.requests.map(({ body }) => [body['think'], body['options']]),
      [
        [undefined, { num_batch: 256 }],
        [true, { num_batch: 256 }],
        [true, { num_batch: 256 }],
      ],
    )
  } finally {
    await server.close()
  }
})

test('a redirect is told, and what was asked is not sent where it points', async () => {
  const server = await startMisbehaving()
  try {
    await collect(openaiModel({ name: 's', url: server.url, kind: 'openai' }), turnFor('redirect'))
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ['/v1/chat/completions'],
    )
  } finally {
    await server.close()
  }
})
