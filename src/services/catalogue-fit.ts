import type { CatalogueModel, Machine } from '../wire/shelf.ts'
import type { KnownModel } from './catalogue.ts'

const GIB = 1024 ** 3
/** Of the memory, for the rest of the machine. */
const SYSTEM = 2 * GIB
/** Of the disk, for the rest of the machine. */
const SPARE = GIB
/** Bytes a second that a core reads of a model, and that the memory of a usual machine gives to all of them. */
const PER_CORE = 5.6e9
const MOST_PER_SECOND = 60e9
/** What a core brings, of the bytes that are read for each token, so that one can still talk: about eight tokens a second. */
const BYTES_PER_CORE = PER_CORE / 8
/** More than this nobody waits for who has no graphics card. */
const MOST_WITHOUT_GPU = 6e9

/**
 * How each model would do on this machine, and which one is recommended: the largest that fits well and is quick enough to talk to, else the
 * smallest that fits well or, if there is none, tightly. None if none fits.
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
    const { exact: _, sha256: __, perToken: ___, ...shown } = model
    const recommended = model === best?.model
    return { ...shown, sources: [...model.sources], fits, recommended, installed: here, write: pace(model, machine) }
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

/** How fast it would write on the processor alone; what a graphics card brings can't be told from its name. */
function pace({ memory, bytes, perToken }: KnownModel, { cores, gpu }: Machine): number | null {
  if (gpu !== null && memory * 1.15 <= (gpu.memory ?? Infinity)) return null
  return Math.min(cores * PER_CORE, MOST_PER_SECOND) / (perToken ?? bytes)
}

function quick({ memory, bytes, perToken }: KnownModel, { cores, gpu }: Machine): boolean {
  if (gpu?.memory && memory * 1.15 <= gpu.memory) return true
  return bytes <= MOST_WITHOUT_GPU && (perToken ?? bytes) <= cores * BYTES_PER_CORE
}
