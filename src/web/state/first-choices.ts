import type { CatalogueModel } from '../../wire/shelf.ts'

export type FirstChoice = { model: CatalogueModel; why: 'recommended' | 'quicker' | 'larger' }

/** The two models that somebody who has none is shown: the one that suits the machine, and one that is clearly smaller, or else larger. */
export function firstChoices(catalogue: readonly CatalogueModel[]): FirstChoice[] {
  const first = catalogue.find(({ recommended }) => recommended)
  if (first === undefined) return []
  const other = catalogue.filter((model) => model !== first && !model.installed && model.fits !== 'no')
  const smaller = other.filter(({ bytes }) => bytes < first.bytes * 0.8).sort((a, b) => b.bytes - a.bytes)[0]
  const larger = other.filter(({ bytes }) => bytes > first.bytes).sort((a, b) => a.bytes - b.bytes)[0]
  if (smaller !== undefined) return [...own(first), { model: smaller, why: 'quicker' }]
  return larger === undefined ? own(first) : [...own(first), { model: larger, why: 'larger' }]
}

const own = (model: CatalogueModel): FirstChoice[] => (model.installed ? [] : [{ model, why: 'recommended' }])
