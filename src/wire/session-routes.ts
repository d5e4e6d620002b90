import { z } from 'zod'
import type { Route } from './api.ts'
import { AttachmentId, MOST_ATTACHMENTS } from './attachment.ts'
import { AgentName, MessageId, ProjectId, RunId } from './id.ts'
import { Backend, Format, Message, Planning, Priority, Run, Session, Temperature } from './message.ts'
import { folder, model, page, session, text, title } from './route-parts.ts'

export const Show = z.enum(['open', 'pinned', 'archived', 'all'])
export type Show = z.infer<typeof Show>

/** Sessions, what is said in them, and that they changed. */
export const SESSION_ROUTES = {
  sessionsCreate: {
    method: 'POST',
    path: '/v1/sessions',
    about: 'Begin a session.',
    body: z.object({ title: title.optional(), project: ProjectId.nullable().optional() }),
    reply: Session,
    status: 201,
  },
  sessionsList: {
    method: 'GET',
    path: '/v1/sessions',
    about: 'Your sessions, the one used last first. `next` is the `before` of the following page.',
    query: page.extend({
      /** `open` are those that are not archived; `pinned` of these. */
      show: Show.default('open'),
      /** Only those in this folder; those in none if it is empty. */
      folder: z.string().trim().max(100).optional(),
      /** Only those of this project; those of none if it is empty. */
      project: z.union([ProjectId, z.literal('')]).optional(),
    }),
    reply: z.object({ sessions: z.array(Session), next: z.string().nullable() }),
    status: 200,
  },
  sessionsRead: {
    method: 'GET',
    path: '/v1/sessions/:session',
    about: 'One session.',
    params: session,
    reply: Session,
    status: 200,
  },
  sessionsChange: {
    method: 'PATCH',
    path: '/v1/sessions/:session',
    about:
      'Give a session a title, pin it, put it into a folder, a project or the archive, or show another path of it: `tip` is any run, or a message with any version of its answer, and the path goes on from there to the newest run below.',
    params: session,
    body: z.object({
      title: title.optional(),
      pinned: z.boolean().optional(),
      folder: folder.nullable().optional(),
      archived: z.boolean().optional(),
      project: ProjectId.nullable().optional(),
      tip: z.union([RunId, MessageId]).optional(),
    }),
    reply: Session,
    status: 200,
  },
  sessionsRemove: {
    method: 'DELETE',
    path: '/v1/sessions/:session',
    about:
      'Remove a session with all it holds. Its runs are cancelled at once. It can be restored for an hour; then it is gone for good.',
    params: session,
    reply: null,
    status: 204,
  },
  sessionsRestore: {
    method: 'POST',
    path: '/v1/sessions/:session/restore',
    about: 'Take the removal of a session back, within an hour. One that was not removed stays as it is.',
    params: session,
    body: z.object({}),
    reply: Session,
    status: 200,
  },
  messagesList: {
    method: 'GET',
    path: '/v1/sessions/:session/messages',
    about:
      'The newest messages on the path that leads to a run, oldest first; to the `tip` of the session if none is named. `next` is the `before` of the page that precedes this one.',
    params: session,
    query: page.extend({ run: RunId.optional() }),
    reply: z.object({ messages: z.array(Message), next: z.string().nullable() }),
    status: 200,
  },
  messagesSubmit: {
    method: 'POST',
    path: '/v1/sessions/:session/messages',
    about:
      'Say something. The same `id` with the same body again gives the same run and starts nothing. With Accept: text/event-stream the reply is the run itself.',
    params: session,
    body: z
      .object({
        id: MessageId.optional(),
        /** The run whose answer this follows, null to begin anew; left out, the newest of the path that is shown. */
        after: RunId.nullable().optional(),
        text: text.default(''),
        attachments: z.array(AttachmentId).max(MOST_ATTACHMENTS).optional(),
        agent: AgentName.optional(),
        backend: Backend.default('local'),
        /** A model that comes before what the agent prefers. */
        model: model.optional(),
        priority: Priority.default('interactive'),
        temperature: Temperature.optional(),
        plan: Planning.default('never'),
        format: Format.optional(),
        /** False: it is only kept. Its run ends, cancelled, before anything is asked of a model; another version of the answer begins it later. */
        answer: z.boolean().default(true),
      })
      .refine(({ text, attachments }) => text.trim() !== '' || (attachments?.length ?? 0) > 0, {
        path: ['text'],
        message: 'must not be empty, unless something is attached',
      }),
    reply: z.object({ message: Message, run: Run }),
    status: 202,
    stream: 'asked',
  },
  messagesWithdraw: {
    method: 'DELETE',
    path: '/v1/sessions/:session/messages/:message',
    about:
      'Take a message back of which nothing was asked of a model yet: it, its runs and their logs are gone as if it had never been said, and what was said after it follows what it followed. What it brought can be brought again for a day.',
    params: session.extend({ message: MessageId }),
    reply: null,
    status: 204,
  },
  foldersList: {
    method: 'GET',
    path: '/v1/folders',
    about:
      'The folders that hold sessions which are not archived, by name, and how many they hold; the thousand used last.',
    reply: z.object({ folders: z.array(z.object({ name: z.string(), sessions: z.int() })) }),
    status: 200,
  },
  foldersChange: {
    method: 'PATCH',
    path: '/v1/folders/:folder',
    about:
      'Give a folder another name, or with null take its sessions out of it: all of them at once, also those in the archive. With the name of another folder the two become one. Tells how many were in it; of a folder that is not there, none.',
    params: z.object({ folder }),
    body: z.object({ name: folder.nullable() }),
    reply: z.object({ sessions: z.int() }),
    status: 200,
  },
  feed: {
    method: 'GET',
    path: '/v1/feed',
    about:
      'Tells, as server-sent events `session` with {session, removed?}, which of your sessions change: messages, begin and end of runs, names, pins, removals. It carries no truth: read again what you need.',
    reply: null,
    status: 200,
    stream: 'always',
  },
} as const satisfies Record<string, Route>
