import { z } from 'zod'
import { AGENT_ROUTES } from './agent-routes.ts'
import { AgentCard } from './agent.ts'
import { Entry, RouteDecision } from './event.ts'
import { FaultData } from './fault.ts'
import { AgentName, MessageId, Offset, OwnerId, RunId, SessionId } from './id.ts'
import { Backend, Planning, Run, Temperature } from './message.ts'
import { EndpointInfo, ModelInfo } from './model.ts'
import { MEMORY_ROUTES, PROJECT_ROUTES, SOURCE_ROUTES } from './mind-routes.ts'
import { model, run, session, text } from './route-parts.ts'
import { SESSION_ROUTES } from './session-routes.ts'
import { ACT_ROUTES } from './act-routes.ts'
import { SHELF_ROUTES } from './shelf-routes.ts'
import { THING_ROUTES } from './thing-routes.ts'

export type Route = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `:name` is a parameter. */
  path: string
  about: string
  params?: z.ZodObject
  query?: z.ZodObject
  body?: z.ZodObject
  /** The JSON of a success, or null for none. A function of the server may always answer a stream where `stream` says so. */
  reply: z.ZodType | null
  status: number
  /** What else than JSON a success may be. */
  types?: readonly string[]
  /** How many bytes a body may have, where that is more than usual. */
  bodyLimit?: number
  /** `always`: server-sent events; `asked`: those if the caller accepts text/event-stream. */
  stream?: 'always' | 'asked'
  /** The contract of the first PKN: its errors have the shape that its clients know. */
  seed?: boolean
}

/** What the first PKN's clients send. */
export const Ask = z.object({
  message: text.refine((t) => t.trim() !== '', 'must not be empty'),
  session_id: z.string().max(200).nullish(),
  user_id: OwnerId.nullish(),
  agent_type: AgentName.nullish(),
  backend: Backend.nullish(),
})
const Classification = z.object({
  agent_type: z.string(),
  complexity: z.enum(['simple', 'medium', 'complex']),
  confidence: z.number(),
  reasoning: z.string(),
  requires_tools: z.boolean(),
})
export const SeedRouting = z.object({
  agent: z.string(),
  classification: Classification,
  strategy: z.enum(['single_agent', 'multi_agent']),
  estimated_time: z.string(),
})
export type SeedRouting = z.infer<typeof SeedRouting>

const SeedMessage = z.object({
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  timestamp: z.string(),
  agent: z.string().nullable(),
})

/** Every route there is. The server's handlers, the client and /openapi.json are derived from this table. */
export const API = {
  health: {
    method: 'GET',
    path: '/health',
    about: 'Whether the server is well, and what it can answer with.',
    reply: z.object({
      status: z.literal('ok'),
      version: z.string(),
      uptime: z.number(),
      model: z.string().nullable(),
      runs: z.object({ active: z.int(), queued: z.int() }),
    }),
    status: 200,
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    about: 'This API, as OpenAPI 3.1.',
    reply: z.record(z.string(), z.unknown()),
    status: 200,
  },

  ...SESSION_ROUTES,
  ...ACT_ROUTES,
  runsRead: {
    method: 'GET',
    path: '/v1/runs/:run',
    about: 'The state of a run.',
    params: run,
    reply: Run,
    status: 200,
  },
  runsFollow: {
    method: 'GET',
    path: '/v1/runs/:run/events',
    about:
      'The log of a run: everything after `after` (or after Last-Event-ID), then what comes, until its end, as server-sent events. Asked for as application/json: a page of what there is now.',
    params: run,
    query: z.object({
      after: z.coerce.number().int().min(0).optional(),
      limit: z.coerce.number().int().min(1).max(10_000).default(1000),
    }),
    reply: z.object({ entries: z.array(Entry), head: Offset }),
    status: 200,
    stream: 'asked',
  },
  runsWatch: {
    method: 'GET',
    path: '/v1/events',
    about:
      'The logs of up to eight runs on one stream, as server-sent events with {run, entries}, until all of them have ended. `runs` names them, each with what is known of it already: run_a:12,run_b:0. To come back, ask with what is known by then.',
    query: z.object({
      runs: z
        .string()
        .regex(/^run_[0-9a-z]{20,40}:\d{1,12}(,run_[0-9a-z]{20,40}:\d{1,12}){0,7}$/, 'must be like run_a:12,run_b:0'),
    }),
    reply: null,
    status: 200,
    stream: 'always',
  },
  runsCancel: {
    method: 'POST',
    path: '/v1/runs/:run/cancel',
    about: 'Stop a run. What was written is kept. A run that has ended stays as it is.',
    params: run,
    body: z.object({}),
    reply: Run,
    status: 202,
  },
  runsAgain: {
    method: 'POST',
    path: '/v1/runs/:run/again',
    about:
      'Another version of the answer to the same message, at the end of the path that is shown. With `continue` it begins with what that run has said and goes on from there; where its plan was refused, with another plan. The same `key` with the same body again gives the same run. With Accept: text/event-stream the reply is the run itself.',
    params: run,
    body: z.object({
      /** What is left out is as that run was asked; null is no wish. */
      agent: AgentName.nullish(),
      model: model.nullish(),
      backend: Backend.optional(),
      temperature: Temperature.nullish(),
      plan: Planning.optional(),
      continue: z.boolean().default(false),
      /** That `agent` should have been chosen: routing learns it, if the agent of this run was the router's choice. */
      instead: z.boolean().default(false),
      key: MessageId.optional(),
    }),
    reply: Run,
    status: 202,
    stream: 'asked',
  },
  route: {
    method: 'POST',
    path: '/v1/route',
    about: 'Which agent would answer, and why, without asking it.',
    body: z.object({ text: text.min(1), session: SessionId.optional(), agent: AgentName.optional() }),
    reply: RouteDecision,
    status: 200,
  },
  agents: {
    method: 'GET',
    path: '/v1/agents',
    about: 'The agents.',
    reply: z.object({ agents: z.array(AgentCard) }),
    status: 200,
  },
  ...AGENT_ROUTES,
  models: {
    method: 'GET',
    path: '/v1/models',
    about: 'The models that can be used now, and the endpoints they come from. A superset of what OpenAI answers here.',
    reply: z.object({
      object: z.literal('list'),
      data: z.array(ModelInfo.extend({ id: z.string(), object: z.literal('model'), owned_by: z.string() })),
      endpoints: z.array(EndpointInfo),
    }),
    status: 200,
  },
  ...SHELF_ROUTES,
  ...THING_ROUTES,
  ...PROJECT_ROUTES,
  ...MEMORY_ROUTES,
  ...SOURCE_ROUTES,

  seedChat: {
    method: 'POST',
    path: '/api/multi-agent/chat',
    about: 'Ask, and wait for the whole answer.',
    body: Ask,
    reply: z.object({
      response: z.string(),
      session_id: SessionId,
      agent_used: z.string(),
      agent_name: z.string(),
      routing: SeedRouting,
      execution_time: z.number(),
      tools_used: z.array(z.string()),
      conversation_summary: z.object({ total_messages: z.int(), agents_used: z.array(z.string()) }),
      status: z.literal('success'),
    }),
    status: 200,
    seed: true,
  },
  seedStream: {
    method: 'POST',
    path: '/api/multi-agent/chat/stream',
    about: 'Ask, and read the answer as it is written: start, chunk, done or error.',
    body: Ask,
    reply: null,
    status: 200,
    stream: 'always',
    seed: true,
  },
  seedClassify: {
    method: 'POST',
    path: '/api/multi-agent/classify',
    about: 'The routing decision for an instruction, without running it.',
    body: z.object({ instruction: text.refine((t) => t.trim() !== '', 'must not be empty') }),
    reply: SeedRouting.extend({ status: z.literal('success') }),
    status: 200,
    seed: true,
  },
  seedAgents: {
    method: 'GET',
    path: '/api/multi-agent/agents',
    about: 'The agents, as the first PKN listed them.',
    reply: z.object({
      agents: z.array(
        z.object({ type: z.string(), name: z.string(), description: z.string(), tools: z.array(z.string()) }),
      ),
      count: z.int(),
      status: z.literal('success'),
    }),
    status: 200,
    seed: true,
  },
  seedVote: {
    method: 'POST',
    path: '/api/multi-agent/vote',
    about:
      'Several agents, or models, choose one of the options, each without knowing of the others. `voters` names them; without it those are asked whom the question fits best. The session named in the reply holds their answers, as versions of one.',
    body: z.object({
      question: text.min(1),
      options: z
        .array(z.string().trim().min(1).max(500))
        .min(2)
        .max(26)
        .refine((all) => new Set(all).size === all.length, 'must be different from each other'),
      context: text.nullish(),
      voters: z
        .array(z.object({ agent: AgentName.nullish(), model: model.optional() }))
        .min(2)
        .max(9)
        .optional(),
      backend: Backend.optional(),
    }),
    reply: z.object({
      choice: z.string(),
      votes: z.array(
        z.object({
          agent: AgentName,
          model: z.string().nullable(),
          run: RunId,
          choice: z.string().nullable(),
          reasoning: z.string(),
        }),
      ),
      reasoning: z.record(z.string(), z.string()),
      /** The share of those who chose at all that chose it. */
      consensus: z.number(),
      /** The options that have as many votes as the choice, which is then the first of them. */
      tie: z.array(z.string()),
      counts: z.record(z.string(), z.int()),
      dissent: z.array(z.object({ agent: AgentName, choice: z.string(), reasoning: z.string() })),
      session_id: SessionId,
      final_reasoning: z.string(),
      status: z.literal('success'),
    }),
    status: 200,
    seed: true,
  },
  seedSession: {
    method: 'GET',
    path: '/api/session/:session',
    about: 'One session, as the first PKN told it.',
    params: session,
    reply: z.object({
      session_id: SessionId,
      title: z.string(),
      created_at: z.string(),
      updated_at: z.string(),
      message_count: z.int(),
      agents_used: z.array(z.string()),
      status: z.literal('success'),
    }),
    status: 200,
    seed: true,
  },
  seedHistory: {
    method: 'GET',
    path: '/api/session/:session/history',
    about: 'What was said in a session, oldest first.',
    params: session,
    query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
    reply: z.object({
      session_id: SessionId,
      history: z.array(SeedMessage),
      messages: z.array(SeedMessage),
      count: z.int(),
      status: z.literal('success'),
    }),
    status: 200,
    seed: true,
  },
} as const satisfies Record<string, Route>

export type Api = typeof API
export type RouteName = keyof Api
type Out<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.output<T[K]> : undefined) : undefined
type In<T, K extends string> = K extends keyof T ? (T[K] extends z.ZodType ? z.input<T[K]> : undefined) : undefined
/** What a handler is given, parsed. */
export type Asked<N extends RouteName> = {
  params: Out<Api[N], 'params'>
  query: Out<Api[N], 'query'>
  body: Out<Api[N], 'body'>
}
/** What a caller sends. */
export type Sent<N extends RouteName> = {
  params: In<Api[N], 'params'>
  query: In<Api[N], 'query'>
  body: In<Api[N], 'body'>
}
export type Reply<N extends RouteName> = Api[N]['reply'] extends z.ZodType ? z.output<Api[N]['reply']> : undefined

/** The body of every refusal of the native API. RFC 9457. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  code: z.string(),
  fix: z.string(),
  retry: z.boolean(),
  /** What the fault is about, by name; for a form, what is wrong with each of its fields. */
  details: FaultData.shape.details,
  instance: z.string().optional(),
})
export type Problem = z.infer<typeof Problem>
