import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import type { Turn } from '../core/ports.ts'
import { callOptions } from './ai-prompt.ts'
import { cloudModel } from './cloud.ts'
import { ollamaModel } from './ollama.ts'
import { ollamaRequest } from './ollama-request.ts'
import { openaiModel } from './openai.ts'
import { openaiRequest } from './openai-request.ts'
import { callsOf, collect, outcome, textOf, turnFor } from './test-kit.ts'
import { isStrict, Unheld } from './unheld.ts'

type Fields = { [name: string]: unknown }
const INPUT = {
  type: 'object',
  properties: { steps: { type: 'array', items: { type: 'string' } } },
  required: ['steps'],
}
const plan = { name: 'plan', about: 'Writes a plan.', schema: INPUT }
const read = { name: 'read', about: 'Reads.', schema: { type: 'object' } }
const FORMAT = { name: 'pick', schema: { type: 'object', properties: { n: { type: 'integer' } } } }
const called: Turn = { ...turnFor('m'), tools: [plan, read], must: 'plan' }
const formed: Turn = { ...turnFor('m'), format: FORMAT }
const URL_ = 'http://127.0.0.1:1/v1/chat/completions'
const json = (body: string) => JSON.parse(body) as Fields
const names = (body: Fields) =>
  (body['tools'] as { function: { name: string } }[] | undefined)?.map((t) => t.function.name)

test('a turn that must call a tool offers that one alone and requires a call, to every server of the dialect', () => {
  for (const kind of ['openai', 'llama', 'engine'] as const) {
    const body = json(openaiRequest(called, kind, URL_))
    assert.deepEqual([body['tool_choice'], names(body)], ['required', ['plan']])
    assert.deepEqual(json(openaiRequest(formed, kind, URL_))['response_format'], {
      type: 'json_schema',
      json_schema: { ...FORMAT, strict: false },
    })
    assert.deepEqual(
      Object.keys(json(openaiRequest(turnFor('m'), kind, URL_))).filter((f) => /format|choice/.test(f)),
      [],
    )
  }
})

test('a strict form is asked for only of a schema that strict servers take', () => {
  const whole = {
    type: 'object',
    properties: { n: { type: 'integer', enum: [1, 2] } },
    required: ['n'],
    additionalProperties: false,
  }
  assert.equal(isStrict(whole), true)
  assert.equal(isStrict({ ...whole, required: [] }), false)
  assert.equal(isStrict({ ...whole, properties: { n: { type: 'string', maxLength: 3 } } }), false)
  assert.equal(
    isStrict({ ...whole, properties: { n: { type: 'array', items: { type: 'object', properties: {} } } } }),
    false,
  )
})

test('Ollama, which knows no choice of a tool, is asked for the call in words and held to its form', () => {
  const body = json(ollamaRequest(called, false))
  assert.equal(body['tools'], undefined)
  assert.deepEqual(body['format'], {
    type: 'object',
    properties: { tool: { type: 'string', enum: ['plan'] }, input: INPUT },
    required: ['tool', 'input'],
    additionalProperties: false,
  })
  assert.match(JSON.stringify(body['messages']), /Say hello.*Now use the tool plan: Writes a plan/)
  assert.deepEqual(json(ollamaRequest(formed, false))['format'], FORMAT.schema)
})

test('the bridge says both in the words of the AI SDK', () => {
  const never = new AbortController().signal
  assert.deepEqual(callOptions(called, never).toolChoice, { type: 'tool', toolName: 'plan' })
  assert.deepEqual(callOptions(formed, never).responseFormat, { type: 'json', ...FORMAT })
})

/** A server that answers each request as it is told to, and keeps what it was asked. */
async function server(answer: (body: Fields) => { status?: number; type?: string; text: string }) {
  const asked: Fields[] = []
  const http = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (!/chat/.test(request.url ?? '')) return void response.writeHead(404).end()
      const body = json(Buffer.concat(parts).toString())
      asked.push(body)
      const { status = 200, type = 'text/event-stream', text } = answer(body)
      response.writeHead(status, { 'content-type': status === 200 ? type : 'application/json' }).end(text)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  after(() => http.close())
  const address = http.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, asked }
}
const said = (text: string) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: text } }] })}\n\ndata: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`
const refused = (what: string) => ({ status: 400, text: JSON.stringify({ error: { message: `${what} is not here` } }) })

for (const [field, turn] of [
  ['tool_choice', called],
  ['response_format', formed],
] as const)
  // prettier-ignore
  test(`a server that refuses ${field} is asked without it, at once the next time, and as before after a while`, async () => {
    const { url, asked } = await server((body) => (field in body ? refused(field) : { text: said('hello') }))
    let now = 0
    const model = openaiModel({ name: 's', url: `${url}/v1`, kind: 'openai', unheld: new Unheld(() => now) })
    const times = async () => {
      const before = asked.length
      assert.equal(textOf(await collect(model, turn)), 'hello')
      return asked.length - before
    }
    assert.deepEqual([await times(), await times(), await times()], [2, 1, 1])
    assert.deepEqual(asked.map((body) => field in body), [true, false, false, false]) // prettier-ignore
    now = 3_600_000
    assert.equal(await times(), 2)
    // Another model of the same server was never refused anything.
    await collect(model, { ...turn, model: 'other' })
    assert.equal(field in asked.at(-2)!, true)
  })

test('what is refused for another reason is asked no second time, or says so at the second', async () => {
  const full = await server(() => ({
    status: 400,
    text: JSON.stringify({ error: { message: 'x', type: 'exceed_context_size_error', n_prompt_tokens: 9, n_ctx: 4 } }),
  }))
  const model = (url: string) => openaiModel({ name: 's', url: `${url}/v1`, kind: 'openai' })
  assert.equal(outcome(await collect(model(full.url), formed)), 'context.full')
  assert.equal(full.asked.length, 1)
  const bad = await server(() => refused('the moon'))
  assert.equal(outcome(await collect(model(bad.url), formed)), 'engine.error')
  assert.equal(bad.asked.length, 2)
  const plain = await server(() => refused('the moon'))
  await collect(model(plain.url), turnFor('m'))
  assert.equal(plain.asked.length, 1)
})

test('llama.cpp, which lets a model say anything before a call, is held to its form instead', async () => {
  let text = '{"tool":"plan","input":{"steps":["a"]}}'
  const { url, asked } = await server(() => ({ text: said(text) }))
  const model = openaiModel({ name: 's', url: `${url}/v1`, kind: 'llama' })
  const events = await collect(model, called)
  assert.deepEqual(callsOf(events).map((e) => (e.type === 'tool.call' ? [e.tool, e.input] : [])), [['plan', { steps: ['a'] }]]) // prettier-ignore
  assert.deepEqual([outcome(events), textOf(events)], ['tools', ''])
  assert.deepEqual([asked[0]?.['tools'], asked[0]?.['tool_choice']], [undefined, undefined])
  assert.equal(JSON.stringify(asked[0]?.['response_format']).includes('"enum":["plan"]'), true)
  text = 'First this, then that.'
  assert.deepEqual([textOf(await collect(model, called)), outcome(await collect(model, called))], [text, 'stop'])
})

const line = (content: string) =>
  `${JSON.stringify({ message: { role: 'assistant', content: content.slice(0, 9) }, done: false })}\n${JSON.stringify({ message: { role: 'assistant', content: content.slice(9) }, done: true, done_reason: 'stop' })}\n`

test('what Ollama answers in the form of a call is the call; other words are words; a refusal is asked without', async () => {
  let text = '{"tool":"plan","input":{"steps":["a","b"]}}'
  const there = await server((body) =>
    body['format'] !== undefined && text === ''
      ? refused('format')
      : { type: 'application/x-ndjson', text: line(text || 'none') },
  )
  const model = ollamaModel({ name: 's', url: there.url })
  const events = await collect(model, called)
  assert.deepEqual(callsOf(events).map((e) => (e.type === 'tool.call' ? [e.tool, e.input] : [])), [['plan', { steps: ['a', 'b'] }]]) // prettier-ignore
  assert.deepEqual([outcome(events), textOf(events)], ['tools', ''])
  text = 'First I read, then I write.'
  assert.deepEqual([textOf(await collect(model, called)), outcome(await collect(model, called))], [text, 'stop'])
  text = ''
  assert.equal(textOf(await collect(model, called)), 'none')
  assert.deepEqual(names(there.asked.at(-1)!), ['plan', 'read'])
})

test('a provider of the cloud that refuses the form is asked without it', async () => {
  const { url, asked } = await server((body) =>
    'response_format' in body ? refused('response_format') : { text: said('hi') },
  )
  const model = cloudModel({ provider: 'groq', models: ['m'], url, key: () => 'k' })
  assert.deepEqual([textOf(await collect(model, formed)), asked.length], ['hi', 2])
  assert.deepEqual([textOf(await collect(model, formed)), asked.length], ['hi', 3])
  assert.equal((asked[0]!['response_format'] as Fields)['type'], 'json_schema')
})
