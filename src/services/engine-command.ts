import { join } from 'node:path'
import { findProgram, type Program } from './engine-program.ts'
import { modelFolder, PRACTICE, type ModelFile } from './model-file.ts'

export type EngineOptions = {
  threads?: number | undefined
  context?: number | undefined
  sequences?: number | undefined
  gpu?: 'auto' | 'off' | undefined
  gpuLayers?: 'auto' | 'off' | number | undefined
  kv?: 'auto' | 'f16' | 'q8_0' | undefined
  /** Without a request for so long, the model is given up; 0 is never. */
  idleMinutes?: number | undefined
  /** Whose engine is started; `auto` decides by the machine. */
  program?: Program | undefined
}
/** `model` is what is configured: then it is the default whatever is chosen in the folder. */
type Where = { home: string; model?: string | undefined }
export type Command = { file: string; args: string[]; env: Record<string, string> }

const MAIN = join(import.meta.dirname, '../engine/main.ts')
const CACHE = join(import.meta.dirname, '../../node_modules/.cache/pkn')
/** What an engine may know of this process's environment: what it needs to run, and nothing that could be a secret. */
const KNOWN =
  /^(PATH|HOME|USER|LANG|LC_\w+|TZ|TMPDIR|TEMP|TMP|SYSTEMROOT|LD_LIBRARY_PATH|DYLD_\w+|GGML_\w+|LLAMA_ARG_\w+|CUDA_\w+|HIP_\w+|HSA_\w+|ROCR_\w+|VK_\w+|XDG_\w+|NODE_LLAMA_CPP_\w+)$/

/** The environment without whatever could be a secret, save what is asked for by name. */
export const plainEnvironment = (env: NodeJS.ProcessEnv = process.env, also?: RegExp): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).filter(
      (pair): pair is [string, string] =>
        (KNOWN.test(pair[0]) || also?.test(pair[0]) === true) && pair[1] !== undefined,
    ),
  )

/**
 * The command that starts an engine, for the model that is the default now. PKN's own serves all models of the folder, and looks by itself
 * which is the default; a llama-server serves the one. Null if the program that is configured isn't there.
 */
export async function engineCommand(
  model: ModelFile,
  port: number,
  options: EngineOptions & Where,
): Promise<{ own: boolean; command: Command } | null> {
  const program = await findProgram(options)
  if (program === null) return null
  if (program === 'own') return { own: true, command: ownEngine(model, port, options) }
  return { own: false, command: llamaServer(program, model, port, options) }
}

/** PKN's own engine. */
export function ownEngine(model: ModelFile, port: number, options: EngineOptions & Where): Command {
  const { threads, context, sequences, kv, gpuLayers, idleMinutes } = options
  const flags = {
    threads,
    context,
    sequences,
    kv,
    gpu: gpuLayers === 'off' ? 'off' : options.gpu,
    'gpu-layers': gpuLayers === 'off' ? undefined : gpuLayers,
    'idle-seconds': idleMinutes === undefined ? undefined : idleMinutes * 60,
  }
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, `${value}`]))
  const served =
    options.model === undefined
      ? ['--fallback', PRACTICE]
      : ['--model', model.path, ...(model.practice ? ['--practice'] : [])]
  const args = [MAIN, ...served, '--models-dir', modelFolder(options.home), '--port', `${port}`, ...given]
  // Code compiled before is taken from here: a quarter less time to start, and less memory. With one arena of glibc's, sixty megabytes more
  // come back when a model is given up.
  const env = { MALLOC_ARENA_MAX: '1', ...plainEnvironment(), NODE_COMPILE_CACHE: CACHE }
  return { file: process.execPath, args, env }
}

/** llama.cpp's server. Small batches, since it can stop reading, and tell how far it has come, only between them. */
export function llamaServer(program: string, model: ModelFile, port: number, options: EngineOptions): Command {
  const slots = options.sequences ?? 2
  const args = ['-m', model.path, '--host', '127.0.0.1', '--port', `${port}`, '--jinja', '-b', '256', '-ub', '256']
  args.push('-np', `${slots}`, '-c', `${slots * (options.context ?? 8192)}`)
  if (options.threads !== undefined) args.push('-t', `${options.threads}`)
  const layers = options.gpu === 'off' || options.gpuLayers === 'off' ? 0 : options.gpuLayers
  if (typeof layers === 'number') args.push('-ngl', `${layers}`)
  if (options.kv === 'q8_0') args.push('-ctk', 'q8_0', '-ctv', 'q8_0')
  return { file: program, args, env: plainEnvironment() }
}

/**
 * The same command under a shell that ends it when its own standard input closes, which happens when the process that holds the other end
 * dies, however it dies. For programs that don't look after that themselves.
 */
export function leashed(command: Command): Command {
  // There is no such shell there. It is ended in order all the same, only not when this process is killed.
  if (process.platform === 'win32') return command
  const script =
    'exec 3<&0; "$@" </dev/null 3<&- & p=$!; (cat <&3 >/dev/null; kill $p 2>/dev/null) 2>/dev/null & c=$!; exec 3<&-; ' +
    'trap "kill $p 2>/dev/null" TERM INT; while :; do wait $p; s=$?; kill -0 $p 2>/dev/null || break; done; kill $c 2>/dev/null; exit $s'
  return { file: '/bin/sh', args: ['-c', script, 'sh', command.file, ...command.args], env: command.env }
}
