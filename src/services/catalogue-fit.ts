import type { CatalogueModel, Machine } from '../wire/shelf.ts'
import type { KnownModel } from './catalogue.ts'

const GIB = 1024 ** 3
/** Of the memory, for the rest of the machine. */
const SYSTEM = 2 * GIB
/** Of the disk, for the rest of the machine. */
const SPARE = GIB
/** Tokens a second at which one can talk: a model's bytes are read once for each token. */
const BYTES_PER_CORE = 0.3e9
const MOST_WITHOUT_GPU = 6e9

/**
 * How each model would do on this machine, and which one is recommended: the largest that fits well and is quick enough to talk to; one
 * that fits tightly if there is no other; none if none fits.
 */
export function judge(
  known: readonly KnownModel[],
  machine: Machine,
  installed: (model: KnownModel) => boolean,
): CatalogueModel[] {
  const judged = known.map((model) => {
    const here = installed(model)
    return { model, here, fits: fitOf(model, machine, here) }
  })
  const best =
    judged
      .filter(({ model, fits }) => fits === 'well' && quick(model, machine))
      .toSorted(bySize)
      .at(-1) ??
    judged.filter(({ fits }) => fits === 'well').toSorted(bySize)[0] ??
    judged.filter(({ fits }) => fits === 'tightly').toSorted(bySize)[0]
  return judged.map(({ model, here, fits }) => {
    const { exact: _, sha256: __, ...shown } = model
    return { ...shown, sources: [...model.sources], fits, recommended: model === best?.model, installed: here }
  })
}

const bySize = (a: { model: KnownModel }, b: { model: KnownModel }) => a.model.bytes - b.model.bytes

function fitOf({ memory, bytes }: KnownModel, machine: Machine, here: boolean): CatalogueModel['fits'] {
  if (!here && bytes + SPARE > machine.disk) return 'no'
  if (memory * 1.15 <= (machine.gpu?.memory ?? 0)) return 'well'
  const free = machine.memory - Math.min(SYSTEM, machine.memory / 3)
  if (memory <= free * 0.75) return 'well'
  return memory <= free ? 'tightly' : 'no'
}

function quick({ memory, bytes }: KnownModel, { cores, gpu }: Machine): boolean {
  if (gpu?.memory && memory * 1.15 <= gpu.memory) return true
  return bytes <= Math.min(MOST_WITHOUT_GPU, cores * BYTES_PER_CORE)
}
