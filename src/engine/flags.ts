import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Sources } from './served.ts'

const count = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const Flags = z.object({
  model: z.string().min(1).optional(),
  /** Every model in this folder is served as well. */
  'models-dir': z.string().min(1).optional(),
  /** A practice model, served if there is nothing else. */
  fallback: z.string().min(1).optional(),
  practice: z.boolean().default(false),
  host: z.enum(['127.0.0.1', '::1', 'localhost']).default('127.0.0.1'),
  port: count(0, 65_535).default(8000),
  context: count(256, 1_048_576).optional(),
  sequences: count(1, 64).optional(),
  threads: count(1, 1024).optional(),
  gpu: z.enum(['auto', 'off']).default('auto'),
  'gpu-layers': z.union([z.literal('auto'), count(0, 10_000)]).default('auto'),
  kv: z.enum(['auto', 'f16', 'q8_0']).default('auto'),
  /** Without a request for so long, the model is given up; 0 is never. */
  'idle-seconds': z.coerce
    .number()
    .min(0)
    .max(30 * 86_400)
    .default(1200),
  /** Leave when this process has ended. Without it, a parent that holds an IPC channel to the engine is watched. */
  'parent-pid': count(1, 2 ** 31).optional(),
})

/** What is asked for of every model; what is not said is chosen for the machine. */
export type Wanted = {
  context: number | undefined
  sequences: number | undefined
  threads: number | undefined
  gpu: 'auto' | 'off'
  gpuLayers: 'auto' | number
  kv: 'auto' | 'f16' | 'q8_0'
}
export type Flags = {
  sources: Sources
  wanted: Wanted
  host: string
  port: number
  idleSeconds: number
  parent: number | undefined
}

/** What the command line asks for, or a sentence that says what is wrong with it. */
export function readFlags(args: string[]): { ok: true; flags: Flags } | { ok: false; why: string } {
  const options = Object.fromEntries(
    Object.keys(Flags.shape).map((name) => [name, { type: name === 'practice' ? 'boolean' : 'string' } as const]),
  )
  let values: Record<string, unknown>
  try {
    values = parseArgs({ args, options }).values
  } catch (cause) {
    return { ok: false, why: cause instanceof Error ? cause.message : String(cause) }
  }
  const parsed = Flags.safeParse(values)
  if (!parsed.success) {
    const why = parsed.error.issues.map((i) => `--${i.path.join('.')}: ${i.message}`).join('; ')
    return { ok: false, why }
  }
  const { model, fallback, practice, host, port, context, sequences, threads, gpu, kv, ...rest } = parsed.data
  const folder = rest['models-dir']
  if (model === undefined && folder === undefined)
    return { ok: false, why: 'one of --model and --models-dir is needed' }
  return {
    ok: true,
    flags: {
      sources: { model, folder, fallback, practice },
      wanted: { context, sequences, threads, gpu, gpuLayers: rest['gpu-layers'], kv },
      host,
      port,
      idleSeconds: rest['idle-seconds'],
      parent: rest['parent-pid'],
    },
  }
}
