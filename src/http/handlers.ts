import type { Agent } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { offset, RunId, START } from '../wire/id.ts'
import type { AgentCard } from '../wire/agent.ts'
import type { EndpointInfo } from '../wire/model.ts'
import { actHandlers } from './act-handlers.ts'
import { agentHandlers } from './agent-handlers.ts'
import { knownAgent, knownBackend, parseLast, recentTurns, type Handlers, type HttpDeps } from './caller.ts'
import { manyRuns } from './many-runs.ts'
import { mindHandlers } from './mind-handlers.ts'
import { openapi } from './openapi.ts'
import { runStream } from './run-stream.ts'
import { seedHandlers } from './seed-handlers.ts'
import { sessionHandlers } from './session-handlers.ts'
import { shelfHandlers } from './shelf-handlers.ts'
import { teach } from './teach.ts'
import { sourceHandlers } from './source-handlers.ts'
import { thingHandlers } from './thing-handlers.ts'

export function makeHandlers(deps: HttpDeps): Handlers {
  const { store, backends, agents, clock, say } = deps
  return {
    ...seedHandlers(deps),
    ...sessionHandlers(deps),
    ...shelfHandlers(deps),
    ...actHandlers(deps),
    ...agentHandlers(deps),
    ...mindHandlers(deps),
    ...thingHandlers(deps),
    ...sourceHandlers(deps),
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

    runsRead: ({ params }, { owner }) => store.run(owner, params.run),
    runsFollow: async ({ params, query }, { owner, wantsStream, lastEventId }) => {
      const run = await store.run(owner, params.run)
      const after = lastEventId === undefined ? offset(query.after ?? 0) : parseLast(lastEventId)
      if (after > run.head)
        throw new Fault('request.invalid', { what: `the run has ${run.head} events, there is nothing after ${after}` })
      if (wantsStream) return runStream(store, run.id, after)
      return { entries: [...(await store.page(run.id, after, query.limit))], head: run.head }
    },
    runsWatch: async ({ query }, { owner }) => {
      const places = query.runs.split(',').map((one) => one.split(':'))
      const runs = await Promise.all(
        places.map(async ([id = '', at]) => {
          const run = await store.run(owner, RunId.parse(id))
          return { run: run.id, after: offset(Math.min(Number(at), run.head)) }
        }),
      )
      return manyRuns(store, runs)
    },
    runsCancel: async ({ params }, { owner }) => {
      say({ level: 'info', text: 'Cancel asked for', run: params.run })
      return store.cancel(owner, params.run)
    },
    runsAgain: async ({ params, body }, { owner, wantsStream }) => {
      const { agent, model, backend, temperature, plan } = body
      const run = await store.again(owner, params.run, {
        continues: body.continue,
        key: body.key ?? null,
        model,
        temperature,
        plan,
        agent: agent === undefined ? undefined : knownAgent(agents, agent),
        backend: backend === undefined ? undefined : knownBackend(backends, backend),
      })
      if (body.instead && agent) await teach(deps, owner, params.run, agent)
      return wantsStream ? runStream(store, run.id, START) : run
    },
    route: async ({ body }, { owner }) => {
      const recent = body.session ? await recentTurns(store, owner, body.session) : []
      return (await deps.router(owner)).route({ text: body.text, recent, forced: knownAgent(agents, body.agent) })
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
