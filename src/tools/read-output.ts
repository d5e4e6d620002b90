import { z } from 'zod'
import type { Tool } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import { OutputId } from '../wire/id.ts'
import { material } from './material.ts'

const Input = z.object({
  output: OutputId.describe('The id that was given with the beginning of the output.'),
  from: z.int().min(1).optional().describe('The first line wanted.'),
  lines: z.int().min(1).max(500).optional().describe('How many lines; 200 if it is left out.'),
})

export const readOutput: Tool<z.infer<typeof Input>> = {
  name: 'read_output',
  about: 'Reads on in an output of which only the beginning was given.',
  input: Input,
  effect: 'read',
  reach: 'none',
  run: async ({ output, from = 1, lines = 200 }, { outputs, owner }) => {
    try {
      const page = await outputs.read(owner, output, { from, lines })
      if (page.lines === 0) return { ok: false, output: `It has ${page.total} lines only.` }
      const last = page.from + page.lines - 1
      const more = last < page.total ? `\n(lines ${page.from} to ${last} of ${page.total})` : ''
      // What it is an output of may have come from outside, and its own mark stands at its beginning and end only.
      return { ok: true, output: `${material(`the output ${output}`, page.text)}${more}` }
    } catch (cause) {
      if (cause instanceof Fault && cause.code === 'output.missing') return { ok: false, output: cause.message }
      throw cause
    }
  },
}
