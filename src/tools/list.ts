import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { truePath } from './confined.ts'
import { telling } from './files.ts'
import { walk } from './walk.ts'

const MOST = 500
const Input = z.object({
  path: z
    .string()
    .optional()
    .describe('The folder, relative to the workspace; the workspace itself if it is left out.'),
  depth: z.int().min(1).max(10).optional().describe('How many levels of folders; 1 if it is left out.'),
})

export const list: Tool<z.infer<typeof Input>> = {
  name: 'list',
  about: 'Lists a folder of the workspace. Folders end with /.',
  input: Input,
  effect: 'read',
  reach: 'workspace',
  subject: async ({ path = '' }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  run: ({ path = '', depth = 1 }, { folder, signal }) =>
    telling(async () => {
      const { found, left } = await walk(folder, path, { deepest: depth, most: MOST, stop: signal })
      if (found.length === 0) return { ok: true, output: path === '' ? 'The workspace is empty.' : `${path} is empty.` }
      const mark = { file: '', folder: '/', link: ' (a link)', other: ' (no plain file)' }
      const lines = found.map(({ path: at, kind }) => `${at}${mark[kind]}`)
      return { ok: true, output: [...lines, ...(left === null ? [] : [`(${left})`])].join('\n') }
    }),
}
