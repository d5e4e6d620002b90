import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { AgentName } from '../wire/id.ts'

const LIMIT_MS = 24 * 3_600_000
const Input = z.object({
  agent: AgentName.describe('Who is to do it.'),
  task: z
    .string()
    .min(1)
    .max(100_000)
    .describe('The whole task, with all that is needed to do it: nothing else of this conversation is known there.'),
})

export const delegate: Tool<z.infer<typeof Input>> = {
  name: 'delegate',
  about:
    'Hands a part of the work to another agent, and gives back its answer. Several calls at once are worked on side by side.',
  input: Input,
  effect: 'read',
  reach: 'none',
  delegates: true,
  together: true,
  again: true,
  // Its own run has its own limits, and it is stopped with this one.
  limitMs: LIMIT_MS,
  run: async ({ agent, task }, { crew }) => {
    const handed = await crew.handTo(agent, task)
    if (!handed.ok) return { ok: false, output: handed.why }
    if (handed.reason === 'done')
      return { ok: true, output: handed.text === '' ? `${agent} answered nothing.` : handed.text }
    return {
      ok: false,
      output: `${agent} did not come to an end (${handed.reason}). What was said by then:\n${handed.text || '(nothing)'}`,
    }
  },
}
