import type { Llama } from 'node-llama-cpp'

export type Library = { llama: Llama; kinds: typeof import('node-llama-cpp').GgmlType }

/** Loads the native library, which takes a second: the engine answers before. */
export async function openLibrary(gpu: 'auto' | 'off'): Promise<Library> {
  const { getLlama, GgmlType, LlamaLogLevel } = await import('node-llama-cpp')
  const llama = await getLlama({
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    gpu: gpu === 'off' ? false : 'auto',
    maxThreads: 0,
    logLevel: LlamaLogLevel.warn,
    logger: (level, message) => process.stderr.write(`${level}: ${message.trimEnd()}\n`),
  })
  return { llama, kinds: GgmlType }
}
