import type { EngineModel, LocalEngine } from '../core/ports.ts'
import type { ModelInfo } from '../wire/model.ts'
import { unknownModel } from './look.ts'
import type { Seat } from './rank.ts'

const SPEC = { name: 'engine', kind: 'llama', url: '' } as const

/** The engine as something that could be started. */
export function idleEngine(engine: LocalEngine, offer: readonly EngineModel[], since: string): Seat {
  const models = engineModels(offer, [])
  const why = models.length > 0 ? engine.crashed() : 'it has no model file'
  return {
    origin: 'engine',
    known: [],
    trouble: models.length > 0 ? null : { kind: 'out', why: 'it has no model file' },
    info: {
      name: 'engine',
      kind: 'engine',
      url: '',
      state: models.length > 0 ? 'idle' : 'down',
      since,
      why,
      slots: 1,
      busy: 0,
      waiting: 0,
      local: true,
      models,
    },
  }
}

/** What the running engine serves, in the order of what it was last said to offer: the default first, and files that came since. */
export function engineModels(offer: readonly EngineModel[], listed: readonly ModelInfo[]): ModelInfo[] {
  if (offer.length === 0) return [...listed]
  return offer.map(({ name, bytes, practice }) => ({
    ...(listed.find((model) => model.name === name) ?? { ...unknownModel(name, SPEC), loaded: false }),
    bytes,
    practice,
  }))
}
