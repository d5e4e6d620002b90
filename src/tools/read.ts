import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { truePath } from './confined.ts'
import { contentOf, telling, textOf, within } from './files.ts'

const MOST_LINES = 1000
const MOST_LINE = 2000

const Input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace.'),
  from: z.int().min(1).optional().describe('The first line wanted; 1 if it is left out.'),
  lines: z.int().min(1).max(MOST_LINES).optional().describe('How many lines; 400 if it is left out.'),
})

export const read: Tool<z.infer<typeof Input>> = {
  name: 'read',
  about: 'Reads a text file of the workspace. Gives its lines with their numbers.',
  input: Input,
  effect: 'read',
  reach: 'workspace',
  subject: async ({ path }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  run: ({ path, from = 1, lines = 400 }, use) =>
    telling(() =>
      within(use, path, async (held) => {
        const content = await contentOf(held)
        if (content === null)
          return {
            ok: false,
            output: `There is no file ${JSON.stringify(path)}. Use list or glob to see what there is.`,
          }
        const text = textOf(content.bytes)
        if (text === null)
          return { ok: false, output: `${JSON.stringify(path)} is no text (${content.bytes.byteLength} bytes).` }
        const all = text.split('\n')
        if (all.at(-1) === '') all.pop()
        if (all.length === 0) return { ok: true, output: `${held.path} is empty.` }
        if (from > all.length) return { ok: false, output: `${held.path} has ${all.length} lines only.` }
        const page = all.slice(from - 1, from - 1 + lines)
        const last = from + page.length - 1
        const numbered = page.map(
          (line, i) =>
            `${from + i}\t${line.length > MOST_LINE ? `${line.slice(0, MOST_LINE)}… (${line.length} characters)` : line}`,
        )
        const more =
          last < all.length ? `\n(lines ${from} to ${last} of ${all.length}; read on with "from": ${last + 1})` : ''
        return { ok: true, output: `${numbered.join('\n')}${more}` }
      }),
    ),
}
