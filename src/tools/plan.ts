import { z } from 'zod'
import type { Tool } from '../core/ports.ts'

const Input = z.object({
  steps: z
    .array(z.string().trim().min(1).max(500))
    .min(1)
    .max(20)
    .describe('What you will do, in order: three to seven short sentences, as a rule.'),
})

export const plan: Tool<z.infer<typeof Input>> = {
  name: 'plan',
  about:
    'Shows the user the steps in which you will do a task. The user may change them, and approves or refuses them before you begin.',
  input: Input,
  effect: 'read',
  reach: 'none',
  asks: true,
  preview: async ({ steps }) => ({ ok: true, shown: { kind: 'plan', steps } }),
  run: async ({ steps }, use) => {
    use.todo(steps.map((text) => ({ text, state: 'open' })))
    const list = steps.map((text, i) => `${i + 1}. ${text}`).join('\n')
    return {
      ok: true,
      output: `The user approved this plan, as it stands here:\n${list}\nGo on with step 1 now, and then with the others. Where there is a tool "todo", set the list again as steps are done.`,
      shown: { kind: 'plan', steps },
    }
  },
}
