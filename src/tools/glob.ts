import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { truePath } from './confined.ts'
import { telling } from './files.ts'
import { globOf } from './glob-pattern.ts'
import { walk } from './walk.ts'

const MOST = 500
const Input = z.object({
  pattern: z.string().min(1).describe('Such as **/*.ts or src/*.json, over paths relative to the folder.'),
  path: z.string().optional().describe('The folder to look in; the workspace if it is left out.'),
})

export const glob: Tool<z.infer<typeof Input>> = {
  name: 'glob',
  about: 'Finds files of the workspace by a pattern of their names.',
  input: Input,
  effect: 'read',
  reach: 'workspace',
  subject: async ({ path = '' }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  run: ({ pattern, path = '' }, { folder, signal }) =>
    telling(async () => {
      const { at: base, found, left } = await walk(folder, path, { stop: signal })
      // Models also write it from the root on.
      const whole = pattern.startsWith(`${folder}/`)
      const wanted = globOf(whole ? pattern.slice(folder.length + 1) : pattern.replace(/^\.\//, ''))
      const below = (at: string) => (base === '' || whole ? at : at.slice(base.length + 1))
      const files = found.filter(({ kind, path: at }) => kind !== 'folder' && wanted(below(at)))
      if (files.length === 0)
        return { ok: true, output: `No file fits ${pattern}.${left === null ? '' : ` (${left})`}` }
      const shown = files.slice(0, MOST).map(({ path: at }) => at)
      const more = files.length > MOST ? [`(the first ${MOST} of ${files.length})`] : left === null ? [] : [`(${left})`]
      return { ok: true, output: [...shown, ...more].join('\n') }
    }),
}
