export type Sizes = { sequences: number; context: number; kv: 'f16' | 'q8_0' }
export type Machine = {
  /** What the model was trained for. */
  trained: number
  /** Bytes of the model file. */
  file: number
  /** Bytes of memory that other programs leave. */
  free: number
  /** Bytes that a context of this size takes. */
  cost: (sizes: Sizes) => number
  /** Whether the model can do with a KV cache of eight bits. */
  quantises: boolean
}
export type WantedSizes = { sequences?: number; context?: number; kv?: 'f16' | 'q8_0' }

const GIB = 1024 ** 3
export const USUAL_CONTEXT = 8192
/** For a machine with so much memory that half of what may be taken is enough. */
const AMPLE = [
  { sequences: 4, context: 32_768 },
  { sequences: 4, context: 16_384 },
]
/** Better ones first: first a context in which an agent can work, then company, then a larger one. */
const USEFUL = [
  { sequences: 4, context: USUAL_CONTEXT },
  { sequences: 2, context: 8192 },
  { sequences: 4, context: 4096 },
  { sequences: 2, context: 4096 },
]
const LITTLE = [
  { sequences: 2, context: 2048 },
  { sequences: 1, context: 2048 },
]

/**
 * How many conversations at once, with how many tokens each, in which precision. What is wanted is kept; the rest is chosen so that the
 * context takes no more than a third of the free memory, and no more than a model of that size is worth. Eight bits a value instead of
 * sixteen are taken only where they are what lets a context fit that one can work in.
 */
export function chooseSizes(machine: Machine, wanted: WantedSizes): Sizes & { why: string } {
  const budget = Math.min(machine.free * 0.35, Math.max(0.75 * GIB, 3 * machine.file))
  const kinds = wanted.kv ? [wanted.kv] : machine.quantises ? (['f16', 'q8_0'] as const) : (['f16'] as const)
  const ample = AMPLE.map((sizes) => ({ ...sizes, ...wanted, kv: wanted.kv ?? ('f16' as const) })).find(
    (sizes) => sizes.context <= machine.trained && machine.cost(sizes) <= budget / 2,
  )
  const choices = [USEFUL, LITTLE].flatMap((sizes) =>
    kinds.flatMap((kv) =>
      sizes.map((choice) => ({
        sequences: wanted.sequences ?? choice.sequences,
        context: wanted.context ?? Math.min(choice.context, machine.trained),
        kv,
      })),
    ),
  )
  const fits = ample ?? choices.find((sizes) => machine.cost(sizes) <= budget)
  const chosen = fits ?? choices.at(-1)!
  const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`
  const why = `a context of ${mib(machine.cost(chosen))}, ${fits ? 'within' : 'the least there is, for'} ${mib(budget)}`
  return { ...chosen, why }
}

/** One core is left for the rest of the machine: with all of them taken, threads that wait for each other make a model a hundred times slower. */
export const chooseThreads = (cores: number, wanted: number | undefined): number =>
  wanted ?? Math.max(1, Math.floor(cores) - 1)

/** A guess for the progress of loading, for which a mapped file gives no measure: a disk of moderate speed, and start-up the first time. */
export const expectedLoadMs = (file: number, started: boolean): number => (started ? 200 : 1200) + file / 600_000

/** Below this, the machine's memory is short. */
export const leastFree = (total: number): number => Math.max(0.05 * total, 300 * 1024 ** 2)
