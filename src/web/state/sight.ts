import type { ModelInfo } from '../../wire/model.ts'
import { hostOf, wishFor, type Models } from './model-line.ts'
import type { Wish } from './talk.ts'

type Preferring = { agents: readonly { name: string; models: readonly string[] }[] }
/** A model as it can be offered: `remote` is the host that words would go to. */
export type Seer = { wish: string; name: string; remote: string | null }
/**
 * Whether a picture would be seen. `blind`: not by `model`; `by` could, and `asked` tells whether PKN asks it by itself. `unknown`: nobody
 * has told whether `model` sees, and PKN shows it pictures only if the user names it.
 */
export type Sight =
  | { state: 'seen' }
  | { state: 'blind'; model: string; by: Seer | null }
  | { state: 'maybe'; model: string; by: Seer }
  | { state: 'unknown'; model: string; wish: string }

/** Pure. Follows how the server chooses: what is known to see comes before all else, then what was wished for. */
export function sight(machine: Models & Preferring, wish: Wish): Sight {
  const model = asked(machine, wish)
  if (model === undefined) return { state: 'seen' }
  if (model.vision === true) return { state: 'seen' }
  const by = seers(machine)[0] ?? null
  if (by !== null && model.vision === null) return { state: 'maybe', model: model.name, by }
  if (model.vision === false) return { state: 'blind', model: model.name, by }
  const local = machine.endpoints.find(({ name }) => name === model.endpoint)?.local ?? true
  if (wish.model !== null || !local) return { state: 'seen' }
  return { state: 'unknown', model: model.name, wish: wishFor(model) }
}

/** The model that a message would go to. */
export function asked(machine: Models & Preferring, wish: Wish): ModelInfo | undefined {
  const named = (name: string) => machine.models.find((known) => wishFor(known) === name || known.name === name)
  if (wish.model !== null) return named(wish.model)
  const preferred = machine.agents.find(({ name }) => name === wish.agent)?.models ?? []
  for (const name of preferred) {
    const model = named(name)
    if (model !== undefined) return model
  }
  return machine.models.find(({ name }) => name === machine.model)
}

function seers(machine: Models): Seer[] {
  const there = machine.endpoints.filter(({ state }) => state !== 'down')
  return [...there.filter(({ local }) => local), ...there.filter(({ local }) => !local)].flatMap((endpoint) =>
    endpoint.models
      .filter(({ vision }) => vision === true)
      .map((model) => ({
        wish: wishFor(model),
        name: model.name,
        remote: endpoint.local ? null : hostOf(endpoint.url),
      })),
  )
}
