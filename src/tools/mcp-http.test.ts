import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { systemClock } from '../clock.ts'
import { toolsOf } from '../core/offer.ts'
import { openMcp } from './mcp.ts'
import { openBench } from './testing/bench.ts'

const bench = await openBench()
after(() => bench.close())

async function serve(answer: (request: IncomingMessage, response: ServerResponse) => Promise<void> | void) {
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
  return {
    url,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** A server that answers each request by itself. */
async function speak(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const mcp = new McpServer({ name: 'web', version: '1' })
  mcp.registerTool(
    'echo',
    { description: 'Says it again', inputSchema: z.object({ text: z.string() }) },
    ({ text }) => ({
      content: [{ type: 'text', text: `${text}, ${request.headers.authorization}` }],
    }),
  )
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await mcp.connect(transport)
  const headers = Object.entries(request.headers).flatMap(([k, v]): [string, string][] =>
    typeof v === 'string' ? [[k, v]] : [],
  )
  const body = request.method === 'POST' ? { body: Buffer.concat(chunks) } : {}
  if (request.method === 'GET') return void response.writeHead(405).end()
  const said = await transport.handleRequest(
    new Request(`http://127.0.0.1${request.url}`, { method: request.method ?? 'POST', headers, ...body }),
  )
  response.writeHead(said.status, Object.fromEntries(said.headers)).end(Buffer.from(await said.arrayBuffer()))
}

const open = (url: string) =>
  openMcp(toolsOf([]), [{ name: 'web', kind: 'http', url, token: 'key' }], {
    clock: systemClock,
    say: () => {},
    version: '1',
    seen: new Map(),
    limits: { startMs: 20_000, callMs: 20_000, pauseMs: 60_000 },
  })
const whyOf = ({ tools }: ReturnType<typeof open>) => tools.why(tools.list().find(({ name }) => name === 'mcp:web')!)

test('a server over HTTP is given its token, and its tools reach the network', async () => {
  const server = await serve(speak)
  const mcp = open(server.url)
  try {
    await mcp.tools.ready!(['web__echo'])
    assert.equal(whyOf(mcp), null)
    const tool = mcp.tools.find('web__echo')!
    assert.equal(tool.reach, 'network')
    assert.match((await bench.call(tool, { text: 'hello' })).output, /\nhello, Bearer key\n/)
  } finally {
    await mcp.close()
    server.close()
  }
})

test('a server that leads elsewhere is not followed, and the token goes nowhere', async () => {
  let asked = 0
  const other = await serve((_, response) => {
    asked += 1
    response.end()
  })
  const server = await serve((_, response) => void response.writeHead(307, { location: other.url }).end())
  const mcp = open(server.url)
  try {
    await mcp.tools.ready!(['mcp:web'])
    assert.match(whyOf(mcp)!, /does not run/)
    assert.equal(asked, 0)
  } finally {
    await mcp.close()
    server.close()
    other.close()
  }
})

test('a server over HTTP that writes without end is left', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = () => void (response.write('x'.repeat(1 << 20)) ? setImmediate(more) : response.once('drain', more))
    response.on('error', () => {})
    more()
  })
  const mcp = open(server.url)
  try {
    await mcp.tools.ready!(['mcp:web'])
    assert.match(whyOf(mcp)!, /more than 32 MB in one answer/)
  } finally {
    await mcp.close()
    server.close()
  }
})
