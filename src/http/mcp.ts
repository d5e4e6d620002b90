import { randomUUID } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { McpHttpHandler, McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
import type { OwnerId } from '../wire/id.ts'
import type { Handlers, HttpDeps } from './caller.ts'
import { offerTools } from './mcp-tools.ts'

const PATH = '/mcp'
const BODY_LIMIT = 1024 * 1024
/** Of clients that begin with a handshake (until 2025-11-25); the one used longest ago makes room. What they asked for goes on. */
const MOST_SESSIONS = 32

type Parts = Pick<HttpDeps, 'store' | 'agents' | 'clock' | 'say' | 'version'> & {
  handlers: Handlers
  owner: OwnerId
  stopping: AbortSignal
}

/**
 * PKN for other programs, as a server of tools over HTTP: the revision of 2026-07-28, where each request stands for itself and a client that
 * closes the answer cancels by that, and those before, where it takes a notification to cancel and a client that is gone stops nothing.
 */
export function routeMcp(app: FastifyInstance, parts: Parts): void {
  let opened: ReturnType<typeof openMcp> | null = null
  app.route({
    method: ['POST', 'DELETE'],
    url: PATH,
    bodyLimit: BODY_LIMIT,
    handler: async (request, reply) => {
      // Nobody may ever ask this way, and the package is a large one.
      const { answer } = await (opened ??= openMcp(parts))
      return pass(request, reply, answer)
    },
  })
  // Nothing is told that was not asked for.
  app.route({
    method: 'GET',
    url: PATH,
    handler: async (_, reply) => reply.code(405).header('allow', 'POST, DELETE').send(),
  })
}

type Answer = (request: Request, body: unknown) => Promise<Response>

async function openMcp(parts: Parts): Promise<{ answer: Answer }> {
  const sdk = await import('@modelcontextprotocol/server')
  const made = (isCancel: (signal: AbortSignal) => boolean): McpServer => {
    const server = new sdk.McpServer({ name: 'pkn', version: parts.version }, { capabilities: { tools: {} } })
    offerTools(server, {
      deps: parts,
      handlers: parts.handlers,
      owner: parts.owner,
      isCancel: (signal) => !parts.stopping.aborted && isCancel(signal),
    })
    return server
  }
  // A session that is closed ends its requests with an error of this kind.
  const asked = (signal: AbortSignal) => !(signal.reason instanceof sdk.SdkError)
  const modern: McpHttpHandler = sdk.createMcpHandler(() => made(() => true), { legacy: 'reject' })
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>()

  const begun = async (): Promise<WebStandardStreamableHTTPServerTransport> => {
    const transport = new sdk.WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: async (id) => {
        sessions.set(id, transport)
        const [oldest] = sessions.keys()
        if (sessions.size <= MOST_SESSIONS || oldest === undefined) return
        const ended = sessions.get(oldest)
        sessions.delete(oldest)
        await ended?.close()
      },
      onsessionclosed: (id) => void sessions.delete(id),
    })
    await made(asked).connect(transport)
    return transport
  }

  return {
    answer: async (request, body) => {
      if (!(await sdk.isLegacyRequest(request, body))) return modern.fetch(request, { parsedBody: body })
      const id = request.headers.get('mcp-session-id')
      const known = id === null ? undefined : sessions.get(id)
      if (id !== null && known === undefined) return notThere()
      if (id !== null && known !== undefined) {
        sessions.delete(id)
        sessions.set(id, known)
      }
      return (known ?? (await begun())).handleRequest(request, { parsedBody: body })
    },
  }
}

/** The client begins anew by that. */
const notThere = () =>
  Response.json({ jsonrpc: '2.0', error: { code: -32_001, message: 'Session not found' }, id: null }, { status: 404 })

async function pass(request: FastifyRequest, reply: FastifyReply, answer: Answer): Promise<FastifyReply> {
  const left = new AbortController()
  reply.raw.once('close', () => left.abort())
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) if (value !== undefined) headers.set(name, String(value))
  const { method, host } = request
  const asked = new Request(`http://${host}${PATH}`, { method, headers, signal: left.signal })
  const response = await answer(asked, request.body)
  reply.code(response.status).headers(Object.fromEntries(response.headers))
  return response.body === null ? reply.send() : reply.send(response.body)
}
