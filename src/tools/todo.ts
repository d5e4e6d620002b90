import { z } from 'zod'
import type { Tool } from '../core/ports.ts'

const Input = z.object({
  items: z
    .array(z.object({ text: z.string().min(1).max(300), state: z.enum(['open', 'doing', 'done']).default('open') }))
    .max(40)
    .describe('All of the list, in order. At most one is "doing".'),
})

export const todo: Tool<z.infer<typeof Input>> = {
  name: 'todo',
  about:
    'Sets the list of what is to be done for this task, which the user sees. For tasks of several steps: set it first, and again as items are done.',
  input: Input,
  effect: 'read',
  reach: 'none',
  run: async ({ items }, use) => {
    use.todo(items)
    const done = items.filter(({ state }) => state === 'done').length
    const next = items.find(({ state }) => state !== 'done')
    return {
      ok: true,
      output: next === undefined ? 'All of it is done.' : `${done} of ${items.length} done. Next: ${next.text}`,
    }
  },
}
