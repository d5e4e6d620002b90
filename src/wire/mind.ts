import { z } from 'zod'
import { AgentName, MemoryId, MessageId, ProjectId, RunId, SessionId, SourceId } from './id.ts'
import { scope } from './recall.ts'
import { wrong } from './wrong.ts'

const time = z.iso.datetime()

/** What sessions share: a folder to work in, instructions, memories, documents. */
export const Project = z.object({
  id: ProjectId,
  name: z.string(),
  /** An absolute path of this machine in which the tools of all its sessions work; null: each session has a folder of its own. */
  folder: z.string().nullable(),
  /** Told to every agent that answers in it, after the agent's own. */
  instructions: z.string(),
  created: time,
  updated: time,
  /** How many sessions it has that are not removed. */
  sessions: z.int(),
})
export type Project = z.infer<typeof Project>

/** A fact that is to be known later. */
export const Memory = z.object({
  id: MemoryId,
  text: z.string(),
  project: scope,
  /** Told in every run where it reaches, and not only where it seems to matter. */
  always: z.boolean(),
  /** Who wrote it. An agent wrote it in that run, and a person allowed it. */
  by: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('person') }),
    z.object({ kind: z.literal('agent'), agent: AgentName, run: RunId }),
  ]),
  created: time,
  updated: time,
  /** In how many runs it was told, and when last. */
  used: z.int(),
  lastUsed: time.nullable(),
})
export type Memory = z.infer<typeof Memory>

/** A text that is written often, brought into a message by its name. */
export const Snippet = z.object({
  name: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}_-]{0,39}$/u, wrong('letters, digits, _ and -, 40 at most')),
  text: z.string(),
  updated: time,
})
export type Snippet = z.infer<typeof Snippet>

/** What the router learnt from a person: this message was to be answered by that agent. It goes when the message does. */
export const Lesson = z.object({
  message: MessageId,
  /** The session that it stands in. */
  session: SessionId,
  /** Of a long message its beginning and its end. */
  text: z.string(),
  agent: AgentName,
  /** Whom the router had chosen. */
  instead: AgentName,
  created: time,
})
export type Lesson = z.infer<typeof Lesson>

/** A folder of documents, or one document, whose text is searched for what a question needs. Only its index is PKN's; the files stay as they are. */
export const Source = z.object({
  id: SourceId,
  project: scope,
  /** Absolute. */
  path: z.string(),
  /** `missing`: nothing is there now; what was indexed is still found. */
  state: z.enum(['indexing', 'ready', 'missing', 'failed']),
  /** Files looked at, of those that there are, while it is `indexing`. */
  done: z.int(),
  total: z.int(),
  /** What is in the index. */
  files: z.int(),
  passages: z.int(),
  /** Files that can't be read, and why; the first hundred. */
  skipped: z.array(z.object({ path: z.string(), why: z.string() })),
  /** The model by whose measure passages are also found by meaning, and how many of them have been measured; null where there is none. */
  meaning: z.object({ model: z.string(), done: z.int() }).nullable(),
  /** Why it failed. */
  why: z.string().nullable(),
  indexed: time.nullable(),
})
export type Source = z.infer<typeof Source>
