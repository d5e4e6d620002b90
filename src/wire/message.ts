import { z } from 'zod'
import { EndReason } from './event.ts'
import { FaultData } from './fault.ts'
import { AgentName, MessageId, Offset, RunId, SessionId } from './id.ts'

const time = z.iso.datetime()

export const Backend = z.enum(['local', 'cloud'])
export type Backend = z.infer<typeof Backend>

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
})
export type Session = z.infer<typeof Session>

/** One turn of a conversation. What an agent said is stored when its run ends; until then it is in the run's log. */
export const Message = z.object({
  id: MessageId,
  session: SessionId,
  run: RunId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  created: time,
  agent: AgentName.nullable(),
  model: z.string().nullable(),
  reason: EndReason.nullable(),
  fault: FaultData.nullable(),
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
