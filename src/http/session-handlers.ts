import { newMessageId, START } from '../wire/id.ts'
import { feedFrames } from '../views/feed.ts'
import { knownAgent, knownBackend, parseLast, Stream, type Handlers, type HttpDeps } from './caller.ts'
import { runStream } from './run-stream.ts'
import type { SESSION_ROUTES } from '../wire/session-routes.ts'

/** Sessions, what is said in them, and that they changed. */
export function sessionHandlers(deps: HttpDeps): Pick<Handlers, keyof typeof SESSION_ROUTES> {
  const { store, backends, agents, say } = deps
  return {
    sessionsCreate: async ({ body }, { owner }) => {
      const session = await store.createSession(owner, body.title ?? null, body.project ?? null)
      say({ level: 'info', text: `Created new session: ${session.id}`, session: session.id })
      return session
    },
    sessionsList: async ({ query }, { owner }) => {
      const { rows, next } = await store.sessions(owner, query)
      return { sessions: rows, next }
    },
    sessionsRead: ({ params }, { owner }) => store.session(owner, params.session),
    sessionsChange: ({ params, body }, { owner }) => store.changeSession(owner, params.session, body),
    sessionsRestore: ({ params }, { owner }) => store.restoreSession(owner, params.session),
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
        after: body.after,
        text: body.text,
        attachments: body.attachments ?? [],
        agent,
        backend: knownBackend(backends, body.backend),
        model: body.model ?? null,
        priority: body.priority,
        temperature: body.temperature ?? null,
        plan: body.plan,
        format: body.format ?? null,
        answer: body.answer,
      })
      return wantsStream ? runStream(store, submitted.run.id, START) : submitted
    },
    messagesWithdraw: async ({ params }, { owner }) => {
      await store.withdraw(owner, params.session, params.message)
      say({ level: 'info', text: `Withdrew message: ${params.message}`, session: params.session })
      return undefined
    },
    foldersList: async (_, { owner }) => ({ folders: await store.folders(owner) }),
    foldersChange: async ({ params, body }, { owner }) => ({
      sessions: await store.renameFolder(owner, params.folder, body.name),
    }),
    feed: async (_, { owner, lastEventId }) => {
      const after = lastEventId === undefined ? null : parseLast(lastEventId)
      return new Stream({
        async *text(signal) {
          for await (const news of store.feed(owner, after, signal)) yield feedFrames(news)
        },
      })
    },
  }
}
