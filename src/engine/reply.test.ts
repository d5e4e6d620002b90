import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
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

it('keeps nothing alive for one who left before it began', async () => {
  const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  const before = timers()
  const tell = replier(response, { stream: true, messages: [] }, 'm', AbortSignal.abort())
  assert.equal(timers(), before)
  await tell({ type: 'phase', phase: { phase: 'queued', done: 1, total: 1 } })
  assert.equal(response.headersSent, false)
})
