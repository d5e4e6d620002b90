import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { fault, Fault } from '../wire/fault.ts'
import { newSessionId } from '../wire/id.ts'
import { pathOf } from './call.ts'
import { connectTo, type Client } from './client.ts'
import { Refusal, Unreachable } from './refusal.ts'

type Asked = { method: string; url: string; headers: IncomingMessage['headers']; body: string }
async function answering(
  t: TestContext,
  status: number,
  type: string,
  reply: string,
): Promise<{ client: Client; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (piece: string) => (body += piece))
    request.on('end', () => {
      asked.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body })
      response.writeHead(status, { 'Content-Type': type }).end(reply)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  t.after(() => server.close())
  return { client: connectTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), asked }
}
const time = '2026-01-01T00:00:00.000Z'
const session = {
  id: newSessionId(),
  title: 'A',
  named: false,
  created: time,
  updated: time,
  active: null,
  tip: null,
  pinned: false,
  folder: null,
  archived: false,
  project: null,
}

describe('call', () => {
  it('sends what the route wants, and gives its reply', async (t) => {
    const { client, asked } = await answering(t, 200, 'application/json', JSON.stringify(session))
    const reply = await client.call('sessionsChange', { params: { session: session.id }, body: { title: 'A' } })
    assert.deepEqual(reply, session)
    assert.equal(asked[0]?.method, 'PATCH')
    assert.equal(asked[0]?.url, `/v1/sessions/${session.id}`)
    assert.equal(asked[0]?.headers['content-type'], 'application/json')
    assert.deepEqual(JSON.parse(asked[0]?.body ?? ''), { title: 'A' })
  })

  it('rejects with the fault that the server names', async (t) => {
    const { message: detail, ...said } = fault('session.missing', { session: session.id })
    const status = new Fault('session.missing').status
    const problem = { type: 'about:blank', title: 'x', status, detail, ...said }
    const { client } = await answering(t, status, 'application/problem+json', JSON.stringify(problem))
    await assert.rejects(client.call('sessionsRead', { params: { session: session.id } }), (error) => {
      assert.ok(error instanceof Refusal)
      assert.equal(error.status, 404)
      assert.equal(error.fault.code, 'session.missing')
      assert.equal(error.fault.message, detail)
      assert.equal(error.fault.retry, false)
      return true
    })
  })

  it('takes an error that is not of PKN for an unreachable server, never for a refusal', async (t) => {
    const { client } = await answering(t, 502, 'text/html', '<h1>Bad gateway</h1>')
    await assert.rejects(client.call('health', {}), Unreachable)
  })

  it('rejects as unreachable when nobody listens', async () => {
    await assert.rejects(connectTo('http://127.0.0.1:9').call('health', {}), Unreachable)
  })

  it('rejects with the reason of the signal when it is aborted', async (t) => {
    const { client } = await answering(t, 200, 'application/json', '{}')
    await assert.rejects(client.call('health', {}, AbortSignal.abort(new Error('enough'))), /enough/)
  })

  it('writes parameters so that they cannot leave their place in the path', () => {
    assert.equal(pathOf('/a/:b/c', { b: '../x?y#z' }, { q: 'a&b', none: undefined }), '/a/..%2Fx%3Fy%23z/c?q=a%26b')
  })
})
