import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { encodeFrame } from '../wire/frame.ts'
import { newSessionId } from '../wire/id.ts'
import { connectTo } from './client.ts'

describe('feed', () => {
  it('tells what changes, and after a line that broke goes on where it was, also before the first change', async (t) => {
    const [a, b] = [newSessionId(), newSessionId()]
    const asked: (string | undefined)[] = []
    const visits: ((response: ServerResponse) => void)[] = [
      (r) => r.end(encodeFrame({ event: 'open', id: '7', data: '{}' })),
      (r) => {
        r.write(encodeFrame({ event: 'session', id: '8', data: JSON.stringify({ session: a }) }))
        r.end('event: session\nid: 9\ndata: {"sess')
      },
      (r) => r.write(encodeFrame({ event: 'session', id: '9', data: JSON.stringify({ session: b, removed: true }) })),
    ]
    const server = createServer((request, response) => {
      asked.push(request.headers['last-event-id'] as string | undefined)
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.flushHeaders()
      visits[asked.length - 1]!(response)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => {
      server.closeAllConnections()
      server.close()
    })
    const leave = new AbortController()
    const client = connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const got: unknown[] = []
    for await (const news of client.feed(leave.signal, { random: () => -2 })) {
      got.push(...news)
      if (got.length === 2) leave.abort()
    }
    assert.deepEqual(got, [{ session: a }, { session: b, removed: true }])
    assert.deepEqual(asked, [undefined, '7', '8'])
  })
})
