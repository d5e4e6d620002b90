import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { truePath } from './confined.ts'
import type { Matches, Wanted } from './grep-worker.ts'

const MOST = 200
/** So many are looked for, since rules may leave some of them out. */
const MOST_FOUND = 2000
const LIMIT_MS = 20_000
const Input = z.object({
  pattern: z.string().min(1).max(1000).describe('A regular expression; it is looked for in each line.'),
  path: z.string().optional().describe('A folder or a file; the workspace if it is left out.'),
  files: z.string().max(300).optional().describe('Only files whose names fit, such as *.ts.'),
  ignore_case: z.boolean().optional(),
})

export const grep: Tool<z.infer<typeof Input>> = {
  name: 'grep',
  about: 'Finds lines in the files of the workspace by a regular expression. Gives path:line: text.',
  input: Input,
  effect: 'read',
  reach: 'workspace',
  limitMs: LIMIT_MS,
  subject: async ({ path = '' }, { folder }) => ({ kind: 'files', paths: [await truePath(folder, path)] }),
  run: async ({ pattern, path = '', files, ignore_case = false }, { folder, signal, may }) => {
    const found = await search(
      { folder, pattern, path, files: files ?? null, ignoreCase: ignore_case, most: MOST_FOUND },
      signal,
    )
    if (!found.ok) return found
    const { left, files: looked } = found
    const told = new Map<string, boolean>()
    const allowed = found.matches.filter(({ path: at }) => told.get(at) ?? (told.set(at, may(at)), told.get(at)))
    const kept = [...told.values()].filter((one) => !one).length
    const matches = allowed.slice(0, MOST)
    const more = found.more || allowed.length > MOST
    const without = kept === 0 ? [] : [`(${kept === 1 ? '1 file is' : `${kept} files are`} left out by a rule)`]
    const where = looked === 1 ? '1 file' : `${looked} files`
    if (matches.length === 0)
      return {
        ok: true,
        output: [`Nothing in ${where} fits that.${left === null ? '' : ` (${left})`}`, ...without].join(' '),
      }
    const lines = matches.map((m) => `${m.path}:${m.line}: ${m.text}`)
    return {
      ok: true,
      output: [...lines, ...(more ? [`(the first ${MOST}; narrow the pattern or the path)`] : []), ...without].join(
        '\n',
      ),
    }
  },
}

/** In a thread of its own: a regular expression may take for ever, and must hold up nobody. */
function search(wanted: Wanted, signal: AbortSignal): Promise<Matches> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./grep-worker.ts', import.meta.url), {
      workerData: wanted,
      env: {},
      stdin: false,
    })
    const over = () => {
      signal.removeEventListener('abort', over)
      worker.terminate().then(
        () =>
          resolve({
            ok: false,
            output: 'The search took too long and was ended. Use a simpler pattern, or a smaller folder.',
          }),
        reject,
      )
    }
    signal.addEventListener('abort', over)
    worker.once('message', (matches: Matches) => {
      signal.removeEventListener('abort', over)
      worker.terminate().then(() => resolve(matches), reject)
    })
    worker.once('error', (cause) => {
      signal.removeEventListener('abort', over)
      reject(cause)
    })
  })
}
