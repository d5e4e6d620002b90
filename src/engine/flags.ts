import { parseArgs } from 'node:util'
import { basename } from 'node:path'
import { z } from 'zod'

const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const Flags = z.object({
  model: z.string().min(1),
  host: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1'),
  port: count(0, 65_535).default(8000),
  context: count(256, 1_048_576).optional(),
  sequences: count(1, 64).optional(),
  threads: count(1, 1024).optional(),
  gpu: z.enum(['auto', 'off']).default('auto'),
  /** Leave when this process has ended. Without it, a parent that holds an IPC channel to the engine is watched. */
  'parent-pid': count(1, 2 ** 31).optional(),
  practice: z.boolean().default(false),
})

export type Flags = Omit<z.infer<typeof Flags>, 'parent-pid'> & { name: string; parent: number | undefined }

/** What the command line asks for, or a sentence that says what is wrong with it. */
export function readFlags(args: string[]): { ok: true; flags: Flags } | { ok: false; why: string } {
  const text = { type: 'string' } as const
  let values: Record<string, unknown>
  try {
    values = parseArgs({
      args,
      options: {
        model: text,
        host: text,
        port: text,
        context: text,
        sequences: text,
        threads: text,
        gpu: text,
        'parent-pid': text,
        practice: { type: 'boolean' },
      },
    }).values
  } catch (cause) {
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) }
  }
  const parsed = Flags.safeParse(values)
  if (!parsed.success) {
    const why = parsed.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('; ')
    return { ok: false, why }
  }
  const { 'parent-pid': parent, ...flags } = parsed.data
  return { ok: true, flags: { ...flags, parent, name: basename(flags.model).replace(/\.gguf$/i, '') } }
}
