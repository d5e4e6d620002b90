import type { LlamaContext, LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp'
import { usableCores } from './cores.ts'
import type { Wanted } from './flags.ts'
import type { Library } from './library.ts'
import type { Speech } from './prompt.ts'
import { rulesOf, type Rules } from './rules.ts'
import type { Served } from './served.ts'
import { chooseSizes, chooseThreads, type Sizes } from './sizing.ts'
import type { Vocabulary } from './token-text.ts'

export type Loaded = {
  sequences: LlamaContextSequence[]
  context: number
  bytes: number
  /** How it chooses its words, unless the request says so. */
  manner: Manner
  parameters: Parameters
  speech: Speech
  vocabulary: Vocabulary
  rules: Rules
  /** Gives its memory back. Nothing of it may be used after that. */
  free: () => Promise<void>
}
/** What was chosen for the machine, and why. */
export type Parameters = {
  threads: number
  gpu: string
  gpuLayers: number
  kv: Sizes['kv']
  batch: number
  sequences: number
  context: number
  why: string
}

/** Loads a model. Aborting gives up between two of its steps, and leaves nothing in memory. */
export async function loadModel(
  { llama, kinds }: Library,
  file: Served,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Loaded> {
  const model = await llama.loadModel({
    modelPath: file.path,
    loadSignal: signal,
    ...(wanted.gpuLayers === 'auto' ? {} : { gpuLayers: wanted.gpuLayers }),
  })
  try {
    const threads = chooseThreads(Math.min(llama.cpuMathCores, usableCores()), wanted.threads)
    const { context, sizes } = await makeContext(model, kinds, file.bytes, threads, wanted, signal)
    const { sequences, kv, why } = sizes
    const gpu = llama.gpu === false ? 'none' : llama.gpu
    const shift = () => {
      throw new Error('the context is full')
    }
    return {
      sequences: Array.from({ length: sequences }, () =>
        // The engine ends an answer before its context is full. Old turns must never vanish in silence.
        context.getSequence({ contextShift: { size: 1, strategy: shift } }),
      ),
      context: context.contextSize,
      bytes: file.bytes,
      manner: mannerOf(file.bytes, file.practice),
      parameters: {
        threads,
        gpu,
        gpuLayers: model.gpuLayers,
        kv,
        batch: BATCH,
        sequences,
        context: context.contextSize,
        why,
      },
      speech: speechOf(model),
      rules: await rulesOf(model),
      vocabulary: {
        text: (tokens, before) => model.detokenize(tokens, true, before),
        control: (token) => model.isSpecialToken(token),
      },
      free: async () => {
        await context.dispose()
        await model.dispose()
      },
    }
  } catch (cause) {
    await model.dispose()
    throw cause
  }
}

async function makeContext(
  model: LlamaModel,
  kinds: Library['kinds'],
  file: number,
  threads: number,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<{ context: LlamaContext; sizes: Sizes & { why: string } }> {
  const choose = (quantises: boolean) =>
    chooseSizes(
      {
        trained: model.trainContextSize,
        file,
        free: process.availableMemory(),
        quantises,
        cost: ({ sequences, context, kv }) => {
          const kind = kv === 'f16' ? kinds.F16 : kinds.Q8_0
          const need = model.fileInsights.estimateContextResourceRequirements({
            contextSize: context,
            sequences,
            modelGpuLayers: model.gpuLayers,
            batchSize: BATCH,
            flashAttention: model.flashAttentionSupported,
            kvCacheKeyType: kind,
            kvCacheValueType: kind,
          })
          return need.cpuRam + need.gpuVram
        },
      },
      {
        ...(wanted.context ? { context: wanted.context } : {}),
        ...(wanted.sequences ? { sequences: wanted.sequences } : {}),
        ...(wanted.kv === 'auto' ? {} : { kv: wanted.kv }),
      },
    )
  const make = (sizes: Sizes) =>
    model.createContext({
      sequences: sizes.sequences,
      contextSize: wanted.context ?? { min: Math.min(512, sizes.context), max: sizes.context },
      batchSize: BATCH,
      threads,
      createSignal: signal,
      ...(sizes.kv === 'f16' ? {} : { experimentalKvCacheKeyType: 'Q8_0', experimentalKvCacheValueType: 'Q8_0' }),
    })
  const sizes = choose(model.flashAttentionSupported)
  try {
    return { context: await make(sizes), sizes }
  } catch (cause) {
    // Some kinds of model refuse a quantised cache, and say so only now.
    if (sizes.kv === 'f16' || wanted.kv !== 'auto' || signal.aborted) throw cause
    const plain = choose(false)
    return { context: await make(plain), sizes: plain }
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
