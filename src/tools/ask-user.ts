import { z } from 'zod'
import type { Tool } from '../core/ports.ts'

const Input = z.object({
  question: z.string().min(1).max(2000),
  options: z
    .array(z.string().min(1).max(300))
    .max(12)
    .optional()
    .describe('Answers to choose from, if there are such.'),
})

export const askUser: Tool<z.infer<typeof Input>> = {
  name: 'ask_user',
  about:
    'Asks the user a question and waits for the answer. Only for what you can neither find out nor sensibly decide yourself.',
  input: Input,
  effect: 'read',
  reach: 'none',
  asks: true,
  preview: async ({ question, options = [] }) => ({ ok: true, shown: { kind: 'question', text: question, options } }),
  run: async (_, { answered }) =>
    answered === null || answered.trim() === ''
      ? { ok: true, output: 'The user let you go on, and answered nothing.' }
      : { ok: true, output: `The user answers: ${answered}` },
}
