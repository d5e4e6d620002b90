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
