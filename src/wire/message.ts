import { z } from 'zod'
import { Attachment } from './attachment.ts'
import { Did } from './did.ts'
import { EndReason, Finish, Json } from './event.ts'
import { FaultData } from './fault.ts'
import { RecalledBrief } from './recall.ts'
import { AgentName, MessageId, Offset, ProjectId, RunId, SessionId } from './id.ts'

const time = z.iso.datetime()

export const Backend = z.enum(['local', 'cloud'])
export type Backend = z.infer<typeof Backend>

/** How freely a model chooses its words; without it, as the backend is set up. */
export const Temperature = z.number().min(0).max(2)

/** Whether a plan is written first, which a person approves before anything else is done: `complex` for messages that are judged to be so. */
export const Planning = z.enum(['never', 'complex', 'always'])
export type Planning = z.infer<typeof Planning>

const MOST_FORMAT = 16_000
/** A form that an answer is held to, as far as the model can be: one JSON object of this schema. No tool is called for such an answer. */
export const Format = z.object({
  name: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be letters, digits, _ and -'),
  schema: z
    .object({ type: z.literal('object'), properties: z.record(z.string(), Json).optional() })
    .catchall(Json)
    .refine(
      (schema) => JSON.stringify(schema).length <= MOST_FORMAT,
      `must not be longer than ${MOST_FORMAT} characters`,
    ),
})
export type Format = z.infer<typeof Format>

/** An interactive run goes before a background one where both wait for the same model. */
export const Priority = z.enum(['interactive', 'background'])
export type Priority = z.infer<typeof Priority>

export const Session = z.object({
  id: SessionId,
  title: z.string(),
  /** Whether the title was given by a person; PKN never changes such a title. */
  named: z.boolean(),
  created: time,
  updated: time,
  /** The run that is under way in this session, if any. */
  active: RunId.nullable(),
  /** The newest run of the path that is shown. */
  tip: RunId.nullable(),
  pinned: z.boolean(),
  folder: z.string().nullable(),
  archived: z.boolean(),
  /** What it shares with other sessions. */
  project: ProjectId.nullable(),
})
export type Session = z.infer<typeof Session>

/**
 * What was said, on one path through a conversation that branches. Messages of the user with the same `after` are siblings; runs with the same
 * message are versions of its answer. What an agent said is stored when its run ends; until then it is in the run's log.
 */
export const Message = z.object({
  id: MessageId,
  session: SessionId,
  /** The run whose answer this is; of a message of the user, the version of its answer that is on the path. */
  run: RunId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  created: time,
  agent: AgentName.nullable(),
  model: z.string().nullable(),
  reason: EndReason.nullable(),
  fault: FaultData.nullable(),
  /** How the last step of an answer ended; null where it has none, did not come to its end, or is older than this is known. */
  finish: Finish.nullable(),
  /** The host that the words of an answer went to, where that is neither this machine nor in its network; if more than one, with `, ` between. */
  remote: z.string().nullable(),
  /** What an answer was told beside the chat; without it, only its log knows that. */
  recalled: RecalledBrief.nullish(),
  /** Which tools an answer called; without it, only its log knows that. */
  did: Did.nullish(),
  /** The run whose answer a message of the user follows; null for the first one, and for answers. */
  after: RunId.nullable(),
  /** The versions of the answer to a message of the user, oldest first; none for answers. */
  runs: z.array(RunId),
  /** The messages of the user with the same `after`, itself among them, oldest first; none for answers. */
  siblings: z.array(MessageId),
  /** The files that a message of the user brings; none for answers. */
  attachments: z.array(Attachment),
})
export type Message = z.infer<typeof Message>

export const RunState = z.enum(['queued', 'running', 'waiting', 'ended'])
export const Run = z.object({
  id: RunId,
  session: SessionId,
  message: MessageId,
  state: RunState,
  reason: EndReason.nullable(),
  /** The offset of the last event in its log. */
  head: Offset,
  created: time,
})
export type Run = z.infer<typeof Run>

/** A session of yours that changed. It carries no truth: who missed one reads again. */
export const News = z.object({ session: SessionId, removed: z.boolean().optional() })
export type News = z.infer<typeof News>
