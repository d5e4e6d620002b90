import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { once } from 'node:events'
import { after, test } from 'node:test'
import type { CloudProvider } from '../wire/model.ts'
import { cloudModel } from './cloud.ts'
import { modelContract } from './contract.ts'
import { callsOf, collect, outcome, textOf, turnFor } from './test-kit.ts'

const KEY = 'sk-secret-4711'
const cloud = (provider: CloudProvider, url: string) =>
  cloudModel({ provider, models: ['recorded'], url, key: () => KEY })

const sse = (file: string) => ({ file, contentType: 'text/event-stream' })
modelContract('Anthropic', [sse('anthropic-tools.sse'), sse('anthropic-error.sse')], (url) => cloud('anthropic', url))
modelContract('Google', [sse('google.sse')], (url) => cloud('google', url))
modelContract('OpenRouter', [sse('openrouter.sse')], (url) => cloud('openrouter', url))

async function answering(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  after(() => server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

for (const provider of ['anthropic', 'google', 'groq'] as const) {
  test(`${provider} that says the key back is told without it`, async () => {
    const url = await answering((request, response) => {
      request.resume()
      response.writeHead(500, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: `what is ${KEY}?`, type: 'x' } }))
    })
    const events = await collect(cloud(provider, url), turnFor('recorded'))
    assert.equal(outcome(events), 'engine.error')
    assert.doesNotMatch(JSON.stringify(events), /4711/)
  })

  test(`${provider} that refuses the key, or is not there, is said to`, async () => {
    const url = await answering((request, response) => {
      request.resume()
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ type: 'error', error: { message: 'no', type: 'authentication_error' } }))
    })
    assert.equal(outcome(await collect(cloud(provider, url), turnFor('recorded'))), 'engine.refused')
    assert.equal(outcome(await collect(cloud(provider, 'http://127.0.0.1:9'), turnFor('x'))), 'engine.unreachable')
  })

  test(`${provider} that redirects is not followed, for the words are for it alone`, async () => {
    let elsewhere = 0
    const other = await answering((_, response) => void (elsewhere++, response.end('{}')))
    const url = await answering((request, response) => {
      request.resume()
      response.writeHead(307, { location: other }).end()
    })
    const events = await collect(cloud(provider, url), turnFor('recorded'))
    assert.equal(events.at(-1)?.type, 'model.fail')
    assert.equal(elsewhere, 0)
  })
}

test('a stop closes the connection to the provider before the iteration ends', async () => {
  const closed = Promise.withResolvers<void>()
  const url = await answering((request, response) => {
    request.resume()
    response.once('close', () => closed.resolve())
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","type":"message","role":"assistant","content":[],"model":"x","stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"output_tokens":1}}}\n\n' +
        'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n' +
        'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Once"}}\n\n',
    )
  })
  const stop = new AbortController()
  const events = await collect(cloud('anthropic', url), turnFor('recorded'), {
    signal: stop.signal,
    each: ({ type }) => type === 'text.delta' && stop.abort(),
  })
  assert.equal(textOf(events), 'Once')
  assert.equal(outcome(events), 'quiet')
  await closed.promise
})

test('a stream that ends without its end is cut off, and not done', async () => {
  const url = await answering((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: {"choices":[{"index":0,"delta":{"content":"Half"},"finish_reason":null}]}\n\n')
    setImmediate(() => response.destroy())
  })
  const events = await collect(cloud('mistral', url), turnFor('recorded'))
  assert.equal(textOf(events), 'Half')
  assert.equal(outcome(events), 'engine.cut')
})

test('tools, calls and their results reach a provider in its own words', async () => {
  const bodies: Record<string, unknown>[] = []
  const url = await answering((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      bodies.push(JSON.parse(body) as Record<string, unknown>)
      assert.equal(request.headers['x-api-key'], KEY)
      response.writeHead(400).end('{}')
    })
  })
  await collect(cloud('anthropic', url), {
    model: 'claude-x',
    messages: [
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Weather?' },
      { role: 'assistant', text: '', calls: [{ id: 'c1', tool: 'weather', input: { place: 'Rome' } }] },
      { role: 'tool', call: 'c1', text: 'rain' },
    ],
    tools: [{ name: 'weather', about: 'The weather.', schema: { type: 'object', properties: {} } }],
  })
  const [body] = bodies
  assert.equal(body?.['model'], 'claude-x')
  assert.match(JSON.stringify(body['messages']), /tool_use.*"place":"Rome".*tool_result.*rain/)
  assert.match(JSON.stringify(body['tools']), /weather/)
  assert.equal(callsOf([]).length, 0)
})

test('a provider that takes the question and thinks before it answers at all is connected to, and reads', async () => {
  const go = Promise.withResolvers<void>()
  const url = await answering((request, response) => {
    request.resume()
    void go.promise.then(() => response.writeHead(500).end())
  })
  const phases: string[] = []
  await collect(cloud('anthropic', url), turnFor('recorded'), {
    each: (event) => {
      if (event.type !== 'phase') return
      phases.push(event.phase)
      if (event.phase === 'reading') go.resolve()
    },
  })
  assert.deepEqual(phases, ['starting', 'reading'])
})
