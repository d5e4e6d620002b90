import { z } from 'zod'
import { Json } from './event.ts'
import { AgentName, AskId, CallId, RunId, SessionId } from './id.ts'
import { Effect, Shown } from './shown.ts'

/**
 * What a person says to a question of a run. `session`: what is like it is allowed in this session from now on. `input` is done in the place of what the model asked for, and allowed once only. `text`
 * is the answer where a question of words was asked.
 */
export const Answer = z.object({
  allow: z.boolean(),
  reason: z.string().max(4000).optional(),
  scope: z.enum(['once', 'session']).default('once'),
  input: Json.optional(),
  text: z.string().max(100_000).optional(),
})
export type Answer = z.infer<typeof Answer>

/** A question that waits for a person; the run it belongs to is parked until then. */
export const OpenAsk = z.object({
  ask: AskId,
  run: RunId,
  session: SessionId,
  title: z.string(),
  agent: AgentName,
  call: CallId,
  tool: z.string(),
  effect: Effect,
  /** The rule that asks, in words. */
  why: z.string(),
  shown: Shown,
  asked: z.iso.datetime(),
  /** When it counts as refused. */
  expires: z.iso.datetime().nullable(),
})
export type OpenAsk = z.infer<typeof OpenAsk>

/** What an agent can be given. */
export const ToolCard = z.object({
  name: z.string(),
  about: z.string(),
  effect: Effect,
  reach: z.enum(['none', 'workspace', 'machine', 'network']),
  /** `pkn`, or `mcp:` and the name of the server that brings it. */
  from: z.string(),
  /** Why it can't be used now. */
  why: z.string().nullable(),
  /** What happens if an agent calls it, as the policy and the machine stand. */
  decision: z.enum(['allow', 'ask', 'deny']),
})
export type ToolCard = z.infer<typeof ToolCard>
