import { z } from 'zod'
import type { Tool, ToolUse } from '../core/ports.ts'
import { truePath } from './confined.ts'
import { diffOf } from './diff.ts'
import { closed, contentOf, MOST_BYTES, telling, textOf, tooLarge, within, type Content, type Held } from './files.ts'
import { change } from './write.ts'

const Input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace.'),
  old: z
    .string()
    .min(1)
    .describe('The exact text to be replaced, as read shows it without the numbers. It must stand there once.'),
  new: z.string().describe('What is to stand in its place.'),
  all: z.boolean().optional().describe('true replaces every place where it stands.'),
})
type Input = z.infer<typeof Input>

export const edit: Tool<Input> = {
  name: 'edit',
  about: 'Replaces an exact piece of text in a file of the workspace.',
  input: Input,
  effect: 'write',
  reach: 'workspace',
  subject: async ({ path }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  preview: (input, { folder }) =>
    telling(() =>
      within({ folder }, input.path, async (held) => {
        const edited = editedOf(held, await contentOf(held), input)
        return edited.ok ? { ok: true, shown: diffOf(held.path, edited.before, edited.after) } : edited
      }),
    ),
  run: (input, use: ToolUse) =>
    telling(() =>
      within(use, input.path, async (held) => {
        const content = await contentOf(held)
        const edited = editedOf(held, content, input)
        if (!edited.ok) return edited
        await change(held, content, Buffer.from(edited.after), use)
        const shown = diffOf(held.path, edited.before, edited.after)
        const places = edited.places === 1 ? '' : ` in ${edited.places} places`
        return {
          ok: true,
          output: `Changed ${held.path}${places}: ${shown.added} lines added, ${shown.removed} removed.`,
          shown,
        }
      }),
    ),
}

type Edited = { ok: true; before: string; after: string; places: number } | { ok: false; output: string }

function editedOf({ path }: Held, content: Content, { old, new: becomes, all = false }: Input): Edited {
  if (content === null) return { ok: false, output: `There is no file ${JSON.stringify(path)}. Make it with write.` }
  const why = closed(path, content)
  if (why !== null) return { ok: false, output: why }
  const before = textOf(content.bytes)
  if (before === null) return { ok: false, output: `${path} is no text.` }
  // Models write \n, whatever the file does; one may have both.
  const both = old.includes('\n') && before.includes(old)
  const windows = before.includes('\r\n') && !old.includes('\r\n') && !both
  const wanted = windows ? old.replaceAll('\n', '\r\n') : old
  const put = windows ? becomes.replaceAll(/\r?\n/g, '\r\n') : becomes
  if (wanted === put) return { ok: false, output: '"old" and "new" are the same.' }
  const places = before.split(wanted).length - 1
  if (places === 0) return { ok: false, output: `That text does not stand in ${path}. ${hint(before, old)}` }
  if (places > 1 && !all)
    return {
      ok: false,
      output: `That text stands in ${path} ${places} times. Give more of what is around it, or "all": true.`,
    }
  if (before.length + places * (put.length - wanted.length) > MOST_BYTES) return { ok: false, output: tooLarge(path) }
  return { ok: true, before, after: before.split(wanted).join(put), places }
}

/** Where it stands but for its spaces, or else its first line. */
function hint(text: string, old: string): string {
  const bare = (line: string) => line.trim().replaceAll(/\s+/g, ' ')
  const lines = text.split(/\r?\n/)
  const wanted = old.split(/\r?\n/).map(bare)
  const first = wanted.find((line) => line !== '')
  if (first === undefined) return 'Read the file first.'
  const whole = lines.findIndex((_, i) => wanted.every((line, k) => bare(lines[i + k] ?? '') === line))
  if (whole !== -1)
    return `At line ${whole + 1} it stands with other spaces; read from there and copy it exactly:\n${lines.slice(whole, whole + Math.min(wanted.length, 10)).join('\n')}`
  const part = lines.findIndex((line) => bare(line).includes(first))
  if (part !== -1) return `Its first line stands at line ${part + 1}; read from there and copy exactly what follows.`
  return 'Read the file first, and copy the text exactly.'
}
