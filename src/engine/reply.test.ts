import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { it } from 'node:test'
import type { Ask } from './ask.ts'
import { replier } from './reply.ts'

it('opens a stream that has nothing to say yet, and keeps it alive', async () => {
  const stop = new AbortController()
  const server = createServer((_, response) => {
    replier(response, { stream: true, messages: [] } satisfies Ask, 'm', stop.signal)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  try {
    const response = await fetch(`http://127.0.0.1:${port}`)
    assert.match(response.headers.get('content-type') ?? '', /event-stream/)
    for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
      assert.equal(text, ': ping\n\n')
      break
    }
  } finally {
    stop.abort()
    server.close()
    server.closeAllConnections()
  }
})
