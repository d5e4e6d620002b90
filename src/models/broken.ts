import type { Clock } from '../core/ports.ts'
import type { FaultData } from '../wire/fault.ts'
import type { ModelInfo } from '../wire/model.ts'

/** After that it is tried again: what was too large for the memory then may not be now. */
const FORGOTTEN_MS = 10 * 60_000

type Seen = { why: string; bytes: number | null; until: number }

/** Models that their endpoint could not load, until the file is another or some time has passed. */
export class Broken {
  readonly #clock: Clock
  readonly #seen = new Map<string, Map<string, Seen>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  learn(endpoint: string, { code, details }: FaultData, models: readonly ModelInfo[]): void {
    const name = details?.['model']
    if (code !== 'model.broken' || typeof name !== 'string') return
    const bytes = models.find((model) => model.name === name)?.bytes ?? null
    const why = `it cannot be loaded: ${String(details?.['why'])}`
    const here = this.#seen.get(endpoint) ?? new Map<string, Seen>()
    this.#seen.set(endpoint, here.set(name, { why, bytes, until: this.#clock.now() + FORGOTTEN_MS }))
  }

  /** Why, by the model's name. */
  at(endpoint: string, models: readonly ModelInfo[]): ReadonlyMap<string, string> {
    const here = this.#seen.get(endpoint)
    if (here === undefined) return NONE
    for (const [name, { bytes, until }] of here) {
      const now = models.find((model) => model.name === name)?.bytes ?? null
      if (until <= this.#clock.now() || (now !== null && now !== bytes)) here.delete(name)
    }
    return new Map(Array.from(here, ([name, { why }]) => [name, why]))
  }
}

const NONE: ReadonlyMap<string, string> = new Map()
