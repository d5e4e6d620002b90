export type Sizes = { sequences: number; context: number }
export type Machine = {
  /** What the model was trained for. */
  trained: number
  /** Bytes of the model file. */
  file: number
  /** Bytes of memory that other programs leave. */
  free: number
  /** Bytes that a context of this size takes. */
  cost: (sizes: Sizes) => number
}

const GIB = 1024 ** 3
/** Better ones first: first a context in which an agent can work, then company, then a larger one. */
const CHOICES: readonly Sizes[] = [
  { sequences: 4, context: 8192 },
  { sequences: 2, context: 8192 },
  { sequences: 4, context: 4096 },
  { sequences: 2, context: 4096 },
  { sequences: 2, context: 2048 },
  { sequences: 1, context: 2048 },
]

/**
 * How many conversations at once, with how many tokens each. What is wanted is kept; the rest is chosen so that the context takes no more
 * than a third of the free memory, and no more than a model of that size is worth.
 */
export function chooseSizes(machine: Machine, wanted: Partial<Sizes>): Sizes {
  const budget = Math.min(machine.free * 0.35, Math.max(0.75 * GIB, 3 * machine.file))
  const choices = CHOICES.map((choice) => ({
    sequences: wanted.sequences ?? choice.sequences,
    context: wanted.context ?? Math.min(choice.context, machine.trained),
  }))
  return choices.find((sizes) => machine.cost(sizes) <= budget) ?? choices.at(-1)!
}

/** One core is left for the rest of the machine: with all of them taken, threads that wait for each other make a model a hundred times slower. */
export const chooseThreads = (cores: number, wanted: number | undefined): number => wanted ?? Math.max(1, cores - 1)

/** A guess for the progress of loading, for which a mapped file gives no measure: start-up, and a disk of moderate speed. */
export const expectedLoadMs = (file: number): number => 1200 + file / 600_000
