import { createServer } from 'node:http'

export type EmbedServer = Awaited<ReturnType<typeof embedServer>>

/** A server of an embedding model, in OpenAI's dialect and in Ollama's, whose vectors are made by the function given. */
export async function embedServer(vector: (text: string) => unknown, over: { model?: string; status?: number } = {}) {
  const model = over.model ?? 'nomic-embed-text:v1.5'
  const asked: { path: string; input: string[]; key: string | undefined }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      const { input = [] } = (body === '' ? {} : JSON.parse(body)) as { input?: string[] } // as embed.ts sends it
      const say = (status: number, json: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json))
      const path = request.url ?? ''
      if (input.length > 0) asked.push({ path, input, key: request.headers.authorization })
      if (input.length > 0 && over.status !== undefined) return say(over.status, { error: 'out of order' })
      switch (path) {
        case '/v1/models':
          return say(200, { data: [{ id: 'qwen3-4b' }, { id: model }] })
        case '/v1/embeddings': {
          const data = input.map((text, index) => ({ index, embedding: vector(text) }))
          return say(200, { data: data.toReversed() })
        }
        case '/api/tags':
          return say(200, { models: [{ model: 'qwen3:4b' }, { model }] })
        case '/api/show':
          return say(200, { capabilities: body.includes(model) ? ['embedding'] : ['completion'] })
        case '/api/embed':
          return say(200, { embeddings: input.map(vector) })
        default:
          return say(404, {})
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  return {
    asked,
    model,
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
