import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

type Said = { role: string; content: string | null }
export type CallingServer = { url: string; asked: Said[][]; close: () => Promise<void> }

/**
 * A llama.cpp server as it looks from outside whose model makes one call, and then says what it was told of it.
 */
export async function startCalling(tool: string, input: object): Promise<CallingServer> {
  const asked: Said[][] = []
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const json = (body: object, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (path === '/health') return json({ status: 'ok' })
    if (path === '/props')
      return json({
        total_slots: 4,
        default_generation_settings: { n_ctx: 32_768 },
        chat_template_caps: { supports_tools: true },
      })
    if (path === '/v1/models') return json({ object: 'list', data: [{ id: 'caller', object: 'model' }] })
    if (path === '/slots') return json([])
    if (path !== '/v1/chat/completions') return json({ error: { code: 404, message: 'File Not Found' } }, 404)
    textOf(request)
      .then((body) => {
        const { messages } = JSON.parse(body) as { messages: Said[] } // what PKN sends, and nobody else
        asked.push(messages)
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        const say = (delta: object, finish_reason: string | null = null) =>
          response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] })}\n\n`)
        const told = messages.findLast(({ role }) => role === 'tool')
        if (told !== undefined) say({ content: rest(`told: ${told.content}`, messages.at(-1)) })
        else
          say({
            tool_calls: [
              { index: 0, id: 'c1', type: 'function', function: { name: tool, arguments: JSON.stringify(input) } },
            ],
          })
        say({}, told !== undefined ? 'stop' : 'tool_calls')
        response.end('data: [DONE]\n\n')
      })
      .catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

/** An answer that was begun before is gone on with. */
const rest = (text: string, last: Said | undefined): string =>
  last?.role === 'assistant' && text.startsWith(last.content ?? '') ? text.slice(last.content?.length ?? 0) : text

async function textOf(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const part of request.setEncoding('utf8')) text += String(part)
  return text
}
