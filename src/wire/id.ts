import { z } from 'zod'
import { wrong } from './wrong.ts'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'

/** 130 bits of randomness in base 32, so that an id can't be guessed. An id is still never a credential. */
function token(): string {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(26))
  let text = ''
  for (const byte of bytes) text += ALPHABET[byte & 31]
  return text
}

const id = <P extends string, B extends string>(prefix: P) =>
  z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z]{20,40}$`), `must look like ${prefix}_ and 26 letters or digits`)
    .brand<B>()

export const SessionId = id<'ses', 'SessionId'>('ses')
export const RunId = id<'run', 'RunId'>('run')
export const CallId = z.string().min(1).max(200).brand<'CallId'>()
export const AskId = id<'ask', 'AskId'>('ask')
/** An output that is too long to be told whole. */
export const OutputId = id<'out', 'OutputId'>('out')
export const ProjectId = id<'prj', 'ProjectId'>('prj')
export const MemoryId = id<'mem', 'MemoryId'>('mem')
/** A folder of documents, or one document. */
export const SourceId = id<'src', 'SourceId'>('src')
/** A client may choose the id of its message, since that id is the idempotency key; hence any short token will do. */
export const MessageId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{7,99}$/, 'must be 8 to 100 letters, digits or ._:-')
  .brand<'MessageId'>()
export const AgentName = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, wrong('must be a short lower-case name'))
  .brand<'AgentName'>()
export const WorkerId = z.string().min(1).brand<'WorkerId'>()
export const OwnerId = z.string().min(1).max(200).brand<'OwnerId'>()
/** 1, 2, 3, ... per run without gaps; 0 is before the first. The SSE `id:` is this number. */
export const Offset = z.int().min(0).brand<'Offset'>()

export type SessionId = z.infer<typeof SessionId>
export type RunId = z.infer<typeof RunId>
export type CallId = z.infer<typeof CallId>
export type AskId = z.infer<typeof AskId>
export type OutputId = z.infer<typeof OutputId>
export type ProjectId = z.infer<typeof ProjectId>
export type MemoryId = z.infer<typeof MemoryId>
export type SourceId = z.infer<typeof SourceId>
export type MessageId = z.infer<typeof MessageId>
export type AgentName = z.infer<typeof AgentName>
export type WorkerId = z.infer<typeof WorkerId>
export type OwnerId = z.infer<typeof OwnerId>
export type Offset = z.infer<typeof Offset>

// The functions below are the only places that make a brand without parsing.
export const newSessionId = () => `ses_${token()}` as SessionId
export const newRunId = () => `run_${token()}` as RunId
export const newMessageId = () => `msg_${token()}` as MessageId
export const newOutputId = () => `out_${token()}` as OutputId
export const newProjectId = () => `prj_${token()}` as ProjectId
export const newMemoryId = () => `mem_${token()}` as MemoryId
export const newSourceId = () => `src_${token()}` as SourceId
export const newAskId = () => `ask_${token()}` as AskId
export const newCallId = () => `call_${token()}` as CallId
export const newWorkerId = () => `wrk_${token()}` as WorkerId
export const offset = (n: number) => n as Offset

export const START = offset(0)
/** The owner of everything while PKN has one user. */
export const LOCAL = 'local' as OwnerId
