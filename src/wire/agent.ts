import { z } from 'zod'
import { AgentName } from './id.ts'

/** What the API says of an agent; its instructions and examples stay on the server. */
export const AgentCard = z.object({
  name: AgentName,
  title: z.string(),
  about: z.string(),
  tools: z.array(z.string()),
  models: z.array(z.string()),
  mayDelegateTo: z.array(AgentName),
  examples: z.int().min(0),
  /** Where it comes from: with PKN, or from the user's own folder. */
  source: z.enum(['built-in', 'user']),
})
export type AgentCard = z.infer<typeof AgentCard>

/** Why a file of an agent can't be used, and where in it. */
export const AgentProblem = z.object({
  file: z.string(),
  line: z.int().min(1).nullable(),
  field: z.string().nullable(),
  what: z.string(),
})
export type AgentProblem = z.infer<typeof AgentProblem>

/** All of an agent. */
export const AgentDetail = AgentCard.extend({
  instructions: z.string(),
  sampleMessages: z.array(z.string()),
  /** It is the user's own, and a built-in one of its name would stand in its place. */
  overBuiltIn: z.boolean(),
  /** The user's file that it comes from. */
  file: z.string().nullable(),
  /** Another one whenever its file is another. */
  version: z.string().nullable(),
  /** Why the user's file of its name is left out. */
  problems: z.array(AgentProblem),
})
export type AgentDetail = z.infer<typeof AgentDetail>

const line = z.string().max(100_000)
/** An agent as its user writes it. How long each part may be is judged with words for each field; these are the bounds of a body. */
export const AgentText = z.object({
  title: line,
  about: line,
  instructions: z.string().max(1_000_000),
  examples: z.array(line).max(10_000).default([]),
  models: z.array(line).max(1000).default([]),
  tools: z.array(line).max(1000).default([]),
  mayDelegateTo: z.array(line).max(1000).default([]),
})
export type AgentText = z.infer<typeof AgentText>
