import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { visible } from './visible.ts'

const Input = z.object({
  text: z.string().trim().min(1).max(2000).describe('One fact in a sentence that is understood without this chat.'),
  scope: z.enum(['everywhere', 'project']).optional().describe('Everywhere if it is left out.'),
  always: z.boolean().optional().describe('Told in every chat, and not only where it fits.'),
})
type Input = z.infer<typeof Input>

const reachOf = ({ scope }: Input, project: string | null): string =>
  scope === 'project' && project !== null ? `in the project ${visible(project)}` : 'in all chats'

/** Nothing is remembered that a person was not shown, unless a rule of theirs wants it so. */
export const remember: Tool<Input> = {
  name: 'remember',
  about: 'Keeps a fact for later chats, where the user wants it remembered. The user is shown it first.',
  input: Input,
  effect: 'write',
  reach: 'machine',
  again: true,
  insists: async (_, { answered }) =>
    answered ? 'What is remembered is told to later chats, so each fact is shown first.' : null,
  preview: async (input, { recall }) => {
    if (input.scope === 'project' && recall.project === null) return { ok: false, output: NO_PROJECT }
    const when = input.always === true ? 'always' : 'where it fits'
    return {
      ok: true,
      shown: {
        kind: 'text',
        text: `Remember, and tell it ${when} ${reachOf(input, recall.project)}:\n\n${visible(input.text)}`,
      },
    }
  },
  run: async (input, { recall }) => {
    if (input.scope === 'project' && recall.project === null) return { ok: false, output: NO_PROJECT }
    try {
      const { text } = await recall.remember({
        text: input.text,
        scope: input.scope ?? 'everywhere',
        always: input.always ?? false,
      })
      return {
        ok: true,
        output: `It is remembered ${reachOf(input, recall.project)}.`,
        shown: { kind: 'text', text: `Remembered ${reachOf(input, recall.project)}: ${visible(text)}` },
      }
    } catch (cause) {
      if (cause instanceof Fault) return { ok: false, output: `It is not remembered: ${cause.message} ${cause.fix}` }
      throw cause
    }
  },
}

const NO_PROJECT = 'This chat is in no project. Remember it everywhere, or not at all.'
