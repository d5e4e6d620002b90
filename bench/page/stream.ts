import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Say = { pieces: readonly string[]; perSecond: number }

/** A model server that keeps its pace: what is due is sent, and a late timer is made up for. */
export async function startStream(say: (question: string) => Say): Promise<{ url: string; close: () => void }> {
  const answer = (question: string, response: ServerResponse): void => {
    const { pieces, perSecond } = say(question)
    const began = performance.now()
    let sent = 0
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const send = (choice: object) =>
      response.write(
        `data: ${JSON.stringify({ object: 'chat.completion.chunk', model: 'bench', choices: [{ index: 0, ...choice }] })}\n\n`,
      )
    const timer = setInterval(() => {
      const due = Math.min(pieces.length, Math.floor(((performance.now() - began) / 1000) * perSecond) + 1)
      for (; sent < due; sent++) send({ delta: { content: pieces[sent] }, finish_reason: null })
      if (sent < pieces.length) return
      clearInterval(timer)
      send({ delta: {}, finish_reason: 'stop' })
      response.end('data: [DONE]\n\n')
    }, 1000 / perSecond)
    response.on('close', () => clearInterval(timer))
  }
  const server = createServer((request, response) => {
    if (request.url === '/v1/chat/completions') return bodyOf(request, (body) => answer(newest(body), response))
    const known: Record<string, object> = {
      '/health': { status: 'ok' },
      '/props': { total_slots: 4, default_generation_settings: { n_ctx: 131_072 } },
      '/v1/models': { object: 'list', data: [{ id: 'bench', object: 'model', owned_by: 'local' }] },
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(known[request.url ?? ''] ?? {}))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

function bodyOf(request: IncomingMessage, then: (body: string) => void): void {
  let body = ''
  request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
  request.on('end', () => then(body))
}

const newest = (body: string): string => {
  const { messages } = JSON.parse(body) as { messages: { role: string; content: string }[] }
  return messages.findLast(({ role }) => role === 'user')?.content ?? ''
}
