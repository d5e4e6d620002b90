import { z } from 'zod'
import type { Tool, ToolUse } from '../core/ports.ts'
import { PathRefused, truePath } from './confined.ts'
import { diffOf } from './diff.ts'
import {
  closed,
  contentOf,
  MOST_BYTES,
  replace,
  telling,
  textOf,
  tooLarge,
  within,
  type Content,
  type Held,
} from './files.ts'

const Input = z.object({
  path: z.string().min(1).describe('The file, relative to the workspace. Folders that are missing are made.'),
  content: z.string().max(MOST_BYTES).describe('All that the file is to hold.'),
})

export const write: Tool<z.infer<typeof Input>> = {
  name: 'write',
  about: 'Makes a file in the workspace, or replaces all of its content. To change a part of a file use edit.',
  input: Input,
  effect: 'write',
  reach: 'workspace',
  subject: async ({ path }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  preview: ({ path, content }, { folder }) =>
    telling(async () => {
      const before = await within({ folder }, path, contentOf).catch(newFolder)
      const why = closed(path, before)
      if (why !== null) return { ok: false, output: why } as const
      return { ok: true, shown: diffOf(path, textBefore(before), content) } as const
    }),
  run: ({ path, content }, use) =>
    telling(() =>
      within(
        use,
        path,
        async (held) => {
          const before = await contentOf(held)
          const after = Buffer.from(content)
          if (after.byteLength > MOST_BYTES) return { ok: false, output: tooLarge(path) }
          if (before?.bytes.equals(after)) return { ok: true, output: `${held.path} holds exactly that already.` }
          await change(held, before, after, use)
          const shown = diffOf(held.path, textBefore(before), content)
          const what = before === null ? `Made ${held.path}` : `Replaced ${held.path}`
          return { ok: true, output: `${what}: ${shown.added} lines added, ${shown.removed} removed.`, shown }
        },
        { make: true },
      ),
    ),
}

/** A folder on the way may be made with the file. */
function newFolder(cause: unknown): null {
  if (cause instanceof Error && cause.message.startsWith('There is no folder')) return null
  throw cause
}
export const textBefore = (before: Content): string | null =>
  before === null ? null : (textOf(before.bytes) ?? `(${before.bytes.byteLength} bytes that are no text)\n`)

/** What was there is kept first, so that it can be undone. */
export async function change(held: Held, before: Content, after: Uint8Array, use: ToolUse): Promise<void> {
  const why = closed(held.path, before)
  if (why !== null) throw new PathRefused(why)
  await use.versions.keep(use, { path: held.path, before: before?.bytes ?? null, after })
  await replace(held, before, after)
}
