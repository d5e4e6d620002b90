import { z } from 'zod'
import type { Route } from './api.ts'
import { RunArchive, SessionArchive } from './archive.ts'
import { Attachment, AttachmentId, MOST_BYTES } from './attachment.ts'
import { MOST_IMPORTED } from './imported.ts'
import { run, session } from './route-parts.ts'
import { Hit } from './search.ts'
import { Session } from './message.ts'

const format = z.enum(['json', 'markdown']).default('json')
const MARKDOWN = ['text/markdown'] as const
const yes = z.enum(['true', 'false']).default('false')

/** What is found, taken out, brought in and attached. */
export const THING_ROUTES = {
  search: {
    method: 'GET',
    path: '/v1/search',
    about:
      'Where all of these words, or words that begin with them, stand: titles first, then messages, the best first and the newest among equals. `next` is the `before` of the following page.',
    query: z.object({
      q: z.string().max(1000),
      limit: z.coerce.number().int().min(1).max(100).default(20),
      before: z.string().max(20).optional(),
    }),
    reply: z.object({ hits: z.array(Hit), next: z.string().nullable() }),
    status: 200,
  },
  runsExport: {
    method: 'GET',
    path: '/v1/runs/:run/export',
    about: 'A run as a file: its whole log as JSON, or its story as Markdown.',
    params: run,
    query: z.object({ format }),
    reply: RunArchive,
    types: MARKDOWN,
    status: 200,
  },
  sessionsExport: {
    method: 'GET',
    path: '/v1/sessions/:session/export',
    about:
      'A session as a file: every branch, version and attachment as JSON that can be imported again (with `logs=true` the logs of its runs too), or as Markdown to be read.',
    params: session,
    query: z.object({ format, logs: yes }),
    reply: SessionArchive,
    types: MARKDOWN,
    status: 200,
  },
  exportAll: {
    method: 'GET',
    path: '/v1/export',
    about:
      'Every session, those in the archive too, as one file: a JSON array of what the export of each gives, which can be imported again.',
    query: z.object({ logs: yes }),
    reply: z.array(SessionArchive),
    status: 200,
  },
  importFile: {
    method: 'POST',
    path: '/v1/import',
    about:
      "Take in what PKN, ChatGPT (conversations.json), Open WebUI or LibreChat exported, as new sessions. What can't be taken is told in `skipped`.",
    body: z.object({ name: z.string().max(300).default('the file'), text: z.string() }),
    bodyLimit: MOST_IMPORTED,
    reply: z.object({
      sessions: z.array(Session),
      messages: z.int(),
      skipped: z.array(z.object({ what: z.string(), why: z.string() })),
    }),
    status: 200,
  },
  attachmentsAdd: {
    method: 'POST',
    path: '/v1/attachments',
    about:
      'Store a file for a message to bring: text, or a picture (PNG, JPEG, WebP, GIF), of 10 MB at most. It is what its bytes are, whatever `type` says. One that no message brings is deleted after a day.',
    body: z.object({
      name: z.string().max(1000),
      type: z.string().max(200).optional(),
      /** Base64. */
      data: z
        .string()
        .max(Math.ceil(MOST_BYTES / 3) * 4 + 4)
        .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64'),
    }),
    reply: Attachment,
    status: 201,
  },
  attachmentsRead: {
    method: 'GET',
    path: '/v1/attachments/:attachment',
    about: 'The bytes of an attachment.',
    params: z.object({ attachment: AttachmentId }),
    reply: null,
    types: ['text/plain', 'image/*'],
    status: 200,
  },
} as const satisfies Record<string, Route>
