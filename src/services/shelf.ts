import { homedir } from 'node:os'
import type { Clock, Say, Shelf } from '../core/ports.ts'
import { CATALOGUE, type KnownModel } from './catalogue.ts'
import { judge } from './catalogue-fit.ts'
import { writing } from './disk-fault.ts'
import { lookAtMachine } from './machine.ts'
import { modelFolder } from './model-file.ts'
import { removeFromOllama } from './pull-ollama.ts'
import { planOf } from './pull-plan.ts'
import { openQueue } from './pull-queue.ts'
import { runPull, type PullDeps } from './pull-run.ts'
import { keepDefault, listInstalled, removeInstalled, useInstalled } from './shelf-installed.ts'
import { pullsFolder } from './pull-files.ts'

export type ShelfGiven = {
  home: string
  /** The model that the configuration names. */
  model?: string | undefined
  hub: { url: string; token?: string | undefined }
  /** Where Ollama answers. */
  ollama: string
  clock: Clock
  say: Say
  /** Whether what was on its way goes on by itself, as it does if nothing is said. */
  resume?: boolean
  catalogue?: readonly KnownModel[]
  machine?: typeof lookAtMachine
  pause?: PullDeps['pause']
}

/** The model files in PKN_HOME/models, and those on their way there. What was on its way when the last process ended goes on. */
export async function openShelf(given: ShelfGiven): Promise<Shelf> {
  const { home, model, hub, ollama, clock, say, pause } = given
  const catalogue = given.catalogue ?? CATALOGUE
  const models = modelFolder(home)
  const deps: PullDeps = { models, hub: { url: hub.url, token: hub.token }, ollama, pause }
  const plan = (what: string) => planOf(what, catalogue, homedir())
  const queue = await openQueue({
    folder: pullsFolder(models),
    plan,
    run: async (asked, tell, signal) => {
      return await writing(models, async () => {
        await keepDefault({ home, model })
        return await runPull(asked, deps, tell, signal)
      })
    },
    resume: given.resume ?? true,
    clock,
    say,
  })
  return {
    async catalogue() {
      const [machine, installed] = await Promise.all([
        (given.machine ?? lookAtMachine)(models),
        listInstalled({ home, model }),
      ])
      const names = new Set(installed.map(({ name }) => name))
      return { models: judge(catalogue, machine, (known) => names.has(plan(known.id).name)), machine }
    },
    installed: () => listInstalled({ home, model }),
    use: (name) => writing(models, () => useInstalled({ home, model }, name)),
    remove: (name) =>
      name.startsWith('ollama:')
        ? removeFromOllama(ollama, name.slice(7))
        : writing(models, () => removeInstalled({ home, model }, name)),
    pulls: () => queue.list(),
    pull: (what) => queue.begin(what),
    cancel: (id) => queue.cancel(id),
    forget: (id) => queue.forget(id),
    close: () => queue.close(),
  }
}
