/**
 * A model server that does nothing but send: `burst:N` sends N tokens as fast as the socket takes them, `steady:MS:N` one every MS
 * milliseconds. Speaks as llama.cpp's server does. Prints its port.
 */
import { createServer, type ServerResponse } from 'node:http'

const chunk = (delta: object, finish: string | null, extra: object = {}) =>
  `data: ${JSON.stringify({ choices: [{ finish_reason: finish, index: 0, delta }], created: 1_790_000_000, id: 'chatcmpl-QWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4', model: 'bench', system_fingerprint: 'b7000-abcdef', object: 'chat.completion.chunk', ...extra })}\n\n`
const WORDS = ['the ', 'model ', 'writes ', 'one ', 'word ', 'after ', 'another ', 'and ', 'we ', 'read ', 'them.\n']
const TOKENS = WORDS.map((content) => chunk({ content }, null))
const FIRST = chunk({ role: 'assistant', content: null }, null)
const last = (n: number) =>
  chunk({}, 'stop') +
  chunk({}, null, { choices: [], usage: { prompt_tokens: 12, completion_tokens: n, total_tokens: 12 + n } }) +
  'data: [DONE]\n\n'

async function burst(response: ServerResponse, n: number): Promise<void> {
  for (let i = 0; i < n; i++)
    if (!response.write(TOKENS[i % TOKENS.length]!)) await new Promise((resolve) => response.once('drain', resolve))
  response.end(last(n))
}

function steady(response: ServerResponse, ms: number, n: number): void {
  let i = 1
  response.write(TOKENS[0]!)
  const timer = setInterval(() => {
    if (response.destroyed) return clearInterval(timer)
    response.write(TOKENS[i++ % TOKENS.length]!)
    if (i < n) return
    clearInterval(timer)
    response.end(last(n))
  }, ms)
}

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    const json = request.url?.endsWith('/models')
      ? { object: 'list', data: [{ id: process.argv[2] ?? 'burst:2000', object: 'model', owned_by: 'bench' }] }
      : { status: 'ok', total_slots: 1000, default_generation_settings: { n_ctx: 8192 } }
    return void response.setHeader('content-type', 'application/json').end(JSON.stringify(json))
  }
  let body = ''
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
  request.on('end', () => {
    const [kind, a, b] = String(JSON.parse(body).model).split(':')
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(FIRST)
    if (kind === 'steady') steady(response, Number(a), Number(b))
    else void burst(response, Number(a))
  })
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(typeof address === 'object' && address ? address.port : 0)
})
