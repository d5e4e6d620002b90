import { z } from 'zod'
import { Fault } from '../wire/fault.ts'
import type { Memory } from '../wire/mind.ts'
import type { Tool, ToolUse } from '../core/ports.ts'
import { visible } from './visible.ts'

const Input = z.object({
  memory: z
    .string()
    .trim()
    .min(1)
    .max(2000)
    .describe('What it is called (mem_…), as recall tells it, or its exact text.'),
})

type Meant = { ok: true; memory: Memory } | { ok: false; output: string }

/** One and no other: nothing is forgotten by a guess. */
async function meant(which: string, { recall }: Pick<ToolUse, 'recall'>): Promise<Meant> {
  const [memory, ...others] = await recall.memory(which)
  if (memory === undefined)
    return {
      ok: false,
      output: 'Nothing like that is remembered here. Look it up with recall, and name it as it is told there.',
    }
  if (others.length > 0) {
    const names = [memory, ...others].slice(0, 10).map(({ id }) => id)
    return { ok: false, output: `Several are meant by that. Name one of: ${names.join(', ')}.` }
  }
  return { ok: true, memory }
}

export const forget: Tool<z.infer<typeof Input>> = {
  name: 'forget',
  about: 'Forgets something that is remembered, where the user wants that. The user is shown it first.',
  input: Input,
  effect: 'write',
  reach: 'machine',
  insists: async (_, { answered }) => (answered ? 'What is forgotten is shown first.' : null),
  preview: async ({ memory: which }, use) => {
    const found = await meant(which, use)
    if (!found.ok) return found
    const { text, project } = found.memory
    const where = project === null ? '' : `, which reaches into the project ${visible(use.recall.project ?? '')}`
    return { ok: true, shown: { kind: 'text', text: `Forget${where}:\n\n${visible(text)}` } }
  },
  run: async ({ memory: which }, use) => {
    const found = await meant(which, use)
    if (!found.ok) return found
    try {
      await use.recall.forget(found.memory.id)
    } catch (cause) {
      if (!(cause instanceof Fault)) throw cause
      return { ok: false, output: cause.message }
    }
    return {
      ok: true,
      output: 'It is forgotten.',
      shown: { kind: 'text', text: `Forgotten: ${visible(found.memory.text)}` },
    }
  },
}
