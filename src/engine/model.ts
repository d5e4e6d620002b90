import { readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import type { Flags } from './flags.ts'
import type { Speech } from './prompt.ts'
import { chooseSizes, chooseThreads } from './sizing.ts'
import type { Vocabulary } from './token-text.ts'

export type Loaded = {
  sequences: LlamaContextSequence[]
  context: number
  bytes: number
  /** How it chooses its words, unless the request says so. */
  manner: Manner
  parameters: { threads: number; gpu: string }
  speech: Speech
  vocabulary: Vocabulary
}

/** Loads the model. Imports the native library only now, so that the engine can answer before. */
export async function loadModel(flags: Flags): Promise<Loaded> {
  const bytes = statSync(flags.model).size
  const { getLlama, LlamaLogLevel } = await import('node-llama-cpp')
  const llama = await getLlama({
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    gpu: flags.gpu === 'off' ? false : 'auto',
    maxThreads: 0,
    logLevel: LlamaLogLevel.warn,
    logger: (level, message) => process.stderr.write(`${level}: ${message.trimEnd()}\n`),
  })
  const model = await llama.loadModel({ modelPath: flags.model })
  const sizes = chooseSizes(
    {
      trained: model.trainContextSize,
      file: bytes,
      free: process.availableMemory(),
      cost: ({ sequences, context }) => {
        const asked = { contextSize: context, sequences, modelGpuLayers: model.gpuLayers, batchSize: BATCH }
        const need = model.fileInsights.estimateContextResourceRequirements(asked)
        return need.cpuRam + need.gpuVram
      },
    },
    {
      ...(flags.context ? { context: flags.context } : {}),
      ...(flags.sequences ? { sequences: flags.sequences } : {}),
    },
  )
  const threads = chooseThreads(Math.min(llama.cpuMathCores, physicalCores()), flags.threads)
  const context = await model.createContext({
    sequences: sizes.sequences,
    contextSize: flags.context ?? { min: Math.min(512, sizes.context), max: sizes.context },
    batchSize: BATCH,
    threads,
  })
  const shift = () => {
    throw new Error('the context is full')
  }
  return {
    sequences: Array.from({ length: sizes.sequences }, () =>
      // The engine ends an answer before its context is full. Old turns must never vanish in silence.
      context.getSequence({ contextShift: { size: 1, strategy: shift } }),
    ),
    context: context.contextSize,
    bytes,
    manner: mannerOf(bytes, flags.practice),
    parameters: { threads, gpu: llama.gpu === false ? 'none' : llama.gpu },
    speech: speechOf(model),
    vocabulary: {
      text: (tokens, before) => model.detokenize(tokens, true, before),
      control: (token) => model.isSpecialToken(token),
    },
  }
}

export type Manner = {
  temperature: number
  topP: number
  /** How much a token that stood here just now is held back. */ repeat: number
}

const SMALL = 400_000_000
/**
 * Very small models are right more often when they dare less (five easy questions, four seeds: 16 of 20 against 11), and say the same for ever
 * if nothing holds them back. The practice model was made for temperature 0.
 */
function mannerOf(bytes: number, practice: boolean): Manner {
  if (practice) return { temperature: 0, topP: 1, repeat: 1 }
  return bytes > SMALL ? { temperature: 0.7, topP: 0.95, repeat: 1 } : { temperature: 0.2, topP: 0.9, repeat: 1.1 }
}
/** What is read at once; also what a step of one conversation can hold the others up. */
const BATCH = 256

function speechOf(model: LlamaModel): Speech {
  const control: string[] = []
  for (const token of model.iterateAllTokens())
    if (model.isSpecialToken(token)) control.push(model.detokenize([token], true))
  const { chat_template: template } = model.fileInfo.metadata.tokenizer
  return {
    template,
    bos: model.tokens.bosString ?? '',
    eos: model.tokens.eosString ?? '',
    control: control.filter((text) => text.trim() !== ''),
    prependBos: model.tokens.shouldPrependBosToken,
    tokenize: (text, first): Token[] =>
      text === '' ? [] : first ? model.tokenize(text, true) : model.tokenize(text, true, 'trimLeadingSpace'),
  }
}

/** Cores, not the threads that share one: two threads of one core only hinder each other here. */
function physicalCores(): number {
  const threads = availableParallelism()
  try {
    const blocks = readFileSync('/proc/cpuinfo', 'utf8').split('\n\n')
    const cores = new Set(
      blocks.map((b) => `${/^physical id\s*: (\d+)/m.exec(b)?.[1]}.${/^core id\s*: (\d+)/m.exec(b)?.[1]}`),
    )
    cores.delete('undefined.undefined')
    return cores.size > 0 ? Math.min(cores.size, threads) : threads
  } catch {
    return threads // not Linux
  }
}
