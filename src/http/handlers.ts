import type { Agent } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { newMessageId, offset, START, type Offset } from '../wire/id.ts'
import type { AgentCard } from '../wire/agent.ts'
import type { EndpointInfo } from '../wire/model.ts'
import { nativeFrames } from '../views/native.ts'
import { knownAgent, knownBackend, recentTurns, Stream, type Handlers, type HttpDeps } from './caller.ts'
import { openapi } from './openapi.ts'
import { seedHandlers } from './seed-handlers.ts'
import { shelfHandlers } from './shelf-handlers.ts'

export function makeHandlers(deps: HttpDeps): Handlers {
  const { store, backends, agents, clock, say } = deps
  return {
    ...seedHandlers(deps),
    ...shelfHandlers(deps),
    health: async () => {
      // What answers by itself: a model elsewhere never does, and the practice model only where there is nothing else.
      const here = backends.list().filter((e) => e.local && e.state !== 'down' && e.models.length > 0)
      const usual = here.flatMap((e) => e.models.map((model) => ({ model, asleep: e.state === 'idle' ? 1 : 0 })))
      const rank = ({ model, asleep }: (typeof usual)[number]) => (model.practice ? 2 : 0) + asleep
      const [first] = usual.sort((a, b) => rank(a) - rank(b))
      return {
        status: 'ok' as const,
        version: deps.version,
        uptime: Math.round((clock.now() - deps.started) / 1000),
        model: first?.model.name ?? null,
        runs: await store.counts(),
      }
    },
    openapi: async () => openapi(deps.version),

    sessionsCreate: async ({ body }, { owner }) => {
      const session = await store.createSession(owner, body.title ?? null)
      say({ level: 'info', text: `Created new session: ${session.id}`, session: session.id })
      return session
    },
    sessionsList: async ({ query }, { owner }) => {
      const { rows, next } = await store.sessions(owner, query)
      return { sessions: rows, next }
    },
    sessionsRead: ({ params }, { owner }) => store.session(owner, params.session),
    sessionsRename: ({ params, body }, { owner }) => store.renameSession(owner, params.session, body.title),
    sessionsRemove: async ({ params }, { owner }) => {
      await store.removeSession(owner, params.session)
      say({ level: 'info', text: `Removed session: ${params.session}`, session: params.session })
      return undefined
    },
    messagesList: async ({ params, query }, { owner }) => {
      const { rows, next } = await store.messages(owner, params.session, query)
      return { messages: rows, next }
    },
    messagesSubmit: async ({ params, body }, { owner, wantsStream }) => {
      const agent = knownAgent(agents, body.agent)
      const submitted = await store.submit(owner, {
        id: body.id ?? newMessageId(),
        session: params.session,
        text: body.text,
        agent,
        backend: knownBackend(backends, body.backend),
        model: body.model ?? null,
        priority: body.priority,
      })
      return wantsStream ? new Stream(submitted.run.id, START, nativeFrames) : submitted
    },

    runsRead: ({ params }, { owner }) => store.run(owner, params.run),
    runsFollow: async ({ params, query }, { owner, wantsStream, lastEventId }) => {
      const run = await store.run(owner, params.run)
      const after = lastEventId === undefined ? offset(query.after ?? 0) : parseLast(lastEventId)
      if (after > run.head)
        throw new Fault('request.invalid', { what: `the run has ${run.head} events, there is nothing after ${after}` })
      if (wantsStream) return new Stream(run.id, after, nativeFrames)
      return { entries: [...(await store.page(run.id, after, query.limit))], head: run.head }
    },
    runsCancel: async ({ params }, { owner }) => {
      say({ level: 'info', text: 'Cancel asked for', run: params.run })
      return store.cancel(owner, params.run)
    },
    route: async ({ body }, { owner }) => {
      const recent = body.session ? await recentTurns(store, owner, body.session) : []
      return (await deps.router()).route({ text: body.text, recent, forced: knownAgent(agents, body.agent) })
    },

    agents: async () => ({ agents: agents.list().map(card) }),
    models: async () => {
      const endpoints = backends.list().map((endpoint) => standing(deps, endpoint))
      const data = endpoints
        .filter((e) => e.state !== 'down')
        .flatMap((e) => e.models.map((m) => ({ ...m, id: m.name, object: 'model' as const, owned_by: e.name })))
      return { object: 'list' as const, data, endpoints }
    },
  }
}

/** An endpoint with what PKN has going on there, and what it remembers of its models. */
function standing({ admission, speeds }: HttpDeps, endpoint: EndpointInfo): EndpointInfo {
  const { busy, waiting } = admission.standing(endpoint.name)
  const state = endpoint.state === 'up' && busy >= endpoint.slots ? 'busy' : endpoint.state
  const models = endpoint.models.map((model) => ({ ...model, speed: speeds.of(endpoint.name, model.name) }))
  return { ...endpoint, busy, waiting, state, models }
}

function parseLast(value: string): Offset {
  if (!/^\d{1,12}$/.test(value))
    throw new Fault('request.invalid', {
      what: `Last-Event-ID is "${value.slice(0, 50)}", but must be the number of an event`,
    })
  return offset(Number(value))
}

const card = ({ name, title, about, tools, models, mayDelegateTo, examples, source }: Agent): AgentCard => ({
  name,
  title,
  about,
  tools,
  models,
  mayDelegateTo,
  examples,
  source,
})
