import { z } from 'zod'
import { Did } from './did.ts'
import { EndReason, Entry, Finish } from './event.ts'
import { FaultData } from './fault.ts'
import { AgentName, MessageId, RunId } from './id.ts'
import { RecalledBrief } from './recall.ts'
import { Backend, Format, Planning, Priority, Run, Temperature } from './message.ts'

const time = z.iso.datetime()

/** One version of an answer. `reason` is null while the run is under way. Without `entries` its log is made from its text when it is imported. */
export const ArchivedAnswer = z.object({
  id: RunId,
  created: time,
  /** When the answer was stored. */
  answered: time.nullable(),
  wish: z.object({
    agent: AgentName.nullable(),
    backend: Backend,
    model: z.string().nullable(),
    priority: Priority,
    temperature: Temperature.nullish(),
    plan: Planning.optional(),
    format: Format.nullish(),
  }),
  text: z.string(),
  /** What it thought, where that is known and there are no entries to say it. */
  thought: z.string().optional(),
  agent: AgentName.nullable(),
  model: z.string().nullable(),
  reason: EndReason.nullable(),
  fault: FaultData.nullable(),
  finish: Finish.nullish(),
  remote: z.string().nullish(),
  recalled: RecalledBrief.nullish(),
  did: Did.nullish(),
  entries: z.array(Entry).optional(),
})
export type ArchivedAnswer = z.infer<typeof ArchivedAnswer>

/** A file that a message brought; `data` is base64. */
export const ArchivedFile = z.object({ name: z.string(), type: z.string(), data: z.string() })
export type ArchivedFile = z.infer<typeof ArchivedFile>

/** A message of the user and the runs that answer it. `after` is the answer that it follows; those with the same `after` are siblings. */
export const ArchivedTurn = z.object({
  id: MessageId,
  after: RunId.nullable(),
  text: z.string(),
  created: time,
  files: z.array(ArchivedFile).optional(),
  answers: z.array(ArchivedAnswer),
})
export type ArchivedTurn = z.infer<typeof ArchivedTurn>

/** A whole session, every branch of it, as one file. Turns stand in the order in which they were asked: `after` names an earlier one. */
export const SessionArchive = z.object({
  pkn: z.literal('session'),
  version: z.literal(1),
  session: z.object({
    title: z.string(),
    named: z.boolean(),
    created: time,
    updated: time,
    /** The newest run of the path that is shown. */
    tip: RunId.nullable(),
    pinned: z.boolean(),
    folder: z.string().nullable(),
    archived: z.boolean(),
  }),
  turns: z.array(ArchivedTurn),
})
export type SessionArchive = z.infer<typeof SessionArchive>

/** One run with its log. */
export const RunArchive = z.object({
  pkn: z.literal('run'),
  version: z.literal(1),
  run: Run,
  /** What was asked. */
  question: z.string(),
  entries: z.array(Entry),
})
export type RunArchive = z.infer<typeof RunArchive>
