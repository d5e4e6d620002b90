import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Tasks } from '../core/tasks.ts'
import { API, type Asked, type Route, type RouteName } from '../wire/api.ts'
import { Fault } from '../wire/fault.ts'
import { LOCAL } from '../wire/id.ts'
import { makeGuard } from './guard.ts'
import { Stream, type Caller, type HttpDeps, type Live } from './caller.ts'
import { Download, sendDownload } from './download.ts'
import { makeHandlers } from './handlers.ts'
import { routeMcp } from './mcp.ts'
import { answerError, parse } from './refuse.ts'
import { pipe } from './sse.ts'
import { pageHeaders, type Assets } from './static.ts'

const BODY_LIMIT = 16 * 1024 * 1024

export type AppDeps = HttpDeps & {
  tasks: Tasks
  stopping: AbortSignal
  hosts: readonly string[]
  port: () => number
  assets: Assets
}

/** The server over HTTP: every route of `wire/api.ts`, the page, and nothing else. */
export function makeApp(deps: AppDeps): FastifyInstance {
  const guard = makeGuard(deps.hosts, deps.port)
  const app = fastify({
    logger: false,
    // An address that can't be decoded gets here past every hook.
    frameworkErrors: (error, request, reply) => {
      try {
        guard(request.raw)
        answerError(error, request, reply, deps.say)
      } catch (refused) {
        answerError(refused, request, reply, deps.say)
      }
    },
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    requestTimeout: 0,
  })
  const handlers = makeHandlers(deps)
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
    })
    guard(request.raw)
    if (deps.stopping.aborted) throw new Fault('server.stopping')
  })
  app.setErrorHandler((error, request, reply) => answerError(error, request, reply, deps.say))
  app.setNotFoundHandler(async (request, reply) => servePage(request, reply, deps.assets))

  routeMcp(app, { ...deps, handlers, owner: LOCAL })
  for (const [name, route] of Object.entries<Route>(API)) {
    // The table's keys are the handlers' keys; the compiler loses that in a loop over entries.
    const handle = handlers[name as RouteName] as (asked: unknown, caller: Caller) => Promise<unknown>
    app.route({
      method: route.method,
      url: route.path,
      ...(route.bodyLimit === undefined ? {} : { bodyLimit: route.bodyLimit }),
      exposeHeadRoute: route.method === 'GET' && route.stream === undefined,
      config: { seed: route.seed ?? false },
      handler: async (request, reply) => {
        const asked: Asked<RouteName> = {
          params: parse(route.params, request.params),
          query: parse(route.query, request.query),
          body: parse(route.body, request.body ?? {}),
        } as Asked<RouteName> // parsed by the very schemas that the type is made from
        const left = new AbortController()
        const gone = () => left.abort()
        reply.raw.once('close', gone)
        if (reply.raw.destroyed) gone()
        deps.stopping.addEventListener('abort', gone)
        try {
          const answer = await handle(asked, callerOf(request, route, left.signal))
          if (answer instanceof Stream) return startStream(deps, answer.live, route, reply)
          if (answer instanceof Download) return await sendDownload(reply, route.status, answer)
          if (route.reply === null) return await reply.code(route.status).send()
          return await reply.code(route.status).send(answer)
        } finally {
          deps.stopping.removeEventListener('abort', gone)
        }
      },
    })
  }
  return app
}

function callerOf(request: FastifyRequest, route: Route, left: AbortSignal): Caller {
  const accept = request.headers.accept ?? ''
  const last = request.headers['last-event-id']
  const lastEventId = Array.isArray(last) ? last[0] : last
  // Following is a stream unless JSON is asked for; elsewhere it is JSON unless a stream is asked for.
  const wantsStream =
    route.stream === 'always' ||
    accept.includes('text/event-stream') ||
    (route === API.runsFollow && !accept.includes('application/json'))
  return { owner: LOCAL, wantsStream, lastEventId, left }
}

function startStream(deps: AppDeps, live: Live, route: Route, reply: FastifyReply): FastifyReply {
  const headers: Record<string, string> = { ...live.headers }
  for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) headers[name] = String(value)
  reply.hijack()
  deps.tasks.run(`stream ${route.path}`, () =>
    pipe(reply.raw, { ...live, headers, clock: deps.clock, stopping: deps.stopping }),
  )
  return reply
}

async function servePage(request: FastifyRequest, reply: FastifyReply, assets: Assets): Promise<FastifyReply> {
  const path = request.url.split('?')[0] ?? '/'
  const found = request.method === 'GET' || request.method === 'HEAD' ? assets.get(path) : undefined
  if (!found) throw new Fault('route.missing', { path: `${request.method} ${path.slice(0, 200)}` })
  const asset = await found()
  reply.headers(pageHeaders(asset))
  if (request.headers['if-none-match'] === asset.etag) return reply.code(304).send()
  if (request.method === 'HEAD') return reply.send()
  const packed = await asset.packed()
  const accepts = request.headers['accept-encoding'] ?? ''
  if (packed && /\bbr\b/.test(accepts)) return reply.header('content-encoding', 'br').send(packed.br)
  if (packed && /\bgzip\b/.test(accepts)) return reply.header('content-encoding', 'gzip').send(packed.gzip)
  return reply.send(asset.plain)
}
