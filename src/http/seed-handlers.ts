import { newestMessages } from '../core/history.ts'
import type { Asked } from '../wire/api.ts'
import { Fault, fault } from '../wire/fault.ts'
import { EMPTY, foldAll, type Draft } from '../wire/fold.ts'
import { newMessageId, SessionId, START, type OwnerId } from '../wire/id.ts'
import type { Message, Run } from '../wire/message.ts'
import { inOrder } from '../wire/order.ts'
import { phaseComment } from '../views/seed-phase.ts'
import { seedDone, seedFailure, seedLost, seedRouting, seedView } from '../views/seed.ts'
import { knownAgent, knownBackend, type Caller, type Handlers, type HttpDeps } from './caller.ts'
import { runStream } from './run-stream.ts'
import { vote } from './vote-handler.ts'

type SeedNames = 'seedChat' | 'seedStream' | 'seedClassify' | 'seedAgents' | 'seedVote' | 'seedSession' | 'seedHistory'

/** An answer of the first PKN's non-streaming endpoint that failed: its clients look for these fields under any status. */
export class SeedFailure extends Error {
  readonly status: number
  readonly details: string
  constructor(status: number, error: string, details: string) {
    super(error)
    this.status = status
    this.details = details
  }
}

/** The contract of the first PKN, as views of the same log. */
export function seedHandlers(deps: HttpDeps): Pick<Handlers, SeedNames> {
  const { store, agents, say } = deps

  /** The session named, or null for a new one: the old clients keep ids that this server never gave out, and read the new one from the answer. */
  async function sessionOf(owner: OwnerId, wanted: string | null | undefined): Promise<SessionId | null> {
    const id = SessionId.safeParse(wanted)
    if (!id.success) return null
    try {
      return (await store.session(owner, id.data)).id
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'session.missing') return null
      throw cause
    }
  }

  async function submit({ body }: Pick<Asked<'seedChat'>, 'body'>, { owner }: Caller): Promise<Run> {
    const agent = knownAgent(agents, body.agent_type)
    const session = await sessionOf(owner, body.session_id)
    const message = {
      id: newMessageId(),
      session,
      text: body.message,
      agent,
      backend: knownBackend(deps.backends, body.backend ?? 'local'),
      model: null,
      priority: 'interactive',
    } as const
    const { run } = await store.submit(owner, message)
    if (session === null) say({ level: 'info', text: `Created new session: ${run.session}`, session: run.session })
    return run
  }

  return {
    seedStream: async (asked, caller) => {
      const run = await submit(asked, caller)
      return runStream(store, run.id, START, {
        frames: seedView(run.session, run.id),
        quiet: phaseComment,
        // The old clients know nothing of runs.
        lost: (why, t) =>
          seedLost(why.code === 'run.missing' ? fault('session.missing', { session: run.session }) : why, t),
      })
    },
    seedChat: async (asked, caller) => {
      const run = await submit(asked, caller)
      let draft: Draft = EMPTY
      for await (const entries of store.read(run.id, START, caller.left)) draft = foldAll(draft, entries)
      const failure = seedFailure(draft)
      if (failure !== null)
        throw new SeedFailure(
          draft.end?.fault?.code === 'model.none' ? 503 : 502,
          draft.end?.fault?.message ?? failure,
          failure,
        )
      if (!draft.route || !draft.end) throw new Fault('server.stopping')
      const { rows } = await store.messages(caller.owner, run.session, { run: run.id, limit: 200 })
      return {
        ...seedDone(draft),
        session_id: run.session,
        routing: seedRouting(draft.route),
        conversation_summary: { total_messages: rows.length, agents_used: agentsUsed(rows) },
        status: 'success' as const,
      }
    },
    seedClassify: async ({ body }, { owner }) => {
      const router = await deps.router(owner)
      return {
        ...seedRouting(router.route({ text: body.instruction, recent: [], forced: null })),
        status: 'success' as const,
      }
    },
    seedAgents: async () => {
      const list = agents.list().map((a) => ({ type: a.name, name: a.title, description: a.about, tools: a.tools }))
      return { agents: list, count: list.length, status: 'success' as const }
    },
    seedVote: (asked, caller) => vote(deps, asked, caller),
    seedSession: async ({ params }, { owner }) => {
      const session = await store.session(owner, params.session)
      const { rows } = await store.messages(owner, session.id, { limit: 200 })
      return {
        session_id: session.id,
        title: session.title,
        created_at: session.created,
        updated_at: session.updated,
        message_count: rows.length,
        agents_used: agentsUsed(rows),
        status: 'success' as const,
      }
    },
    seedHistory: async ({ params, query }, { owner }) => {
      const rows = await newestMessages(store, owner, params.session, query.limit)
      const messages = inOrder(rows).map((m) => ({
        role: m.role,
        content: m.text,
        timestamp: m.created,
        agent: m.agent,
      }))
      return {
        session_id: params.session,
        history: messages,
        messages,
        count: messages.length,
        status: 'success' as const,
      }
    },
  }
}

const agentsUsed = (rows: readonly Message[]): string[] => [
  ...new Set(rows.flatMap((m) => (m.agent && m.role === 'assistant' ? [m.agent] : []))),
]
