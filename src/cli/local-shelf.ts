import { systemClock } from '../clock.ts'
import type { Config } from '../config.ts'
import { openShelf } from '../services/shelf.ts'
import { ollamaOf } from './services.ts'
import type { ShelfAccess } from './shelf-access.ts'

type Here = Awaited<ReturnType<typeof openShelf>>

/** The shelf in this process: what is on its way goes on, until it is closed. */
export const openShelfHere = (config: Config): Promise<Here> =>
  openShelf({
    home: config.home,
    model: config.engine.model,
    hub: config.hub,
    ollama: ollamaOf(config),
    // A command gets what it is asked for; the rest goes on with the server.
    resume: false,
    clock: systemClock,
    // What happens to a pull stands in its notes, which whoever asked for it is shown.
    say: () => undefined,
  })

export async function openLocalShelf(config: Config): Promise<ShelfAccess> {
  const shelf = await openShelfHere(config)
  return {
    ...shelf,
    pulls: () => Promise.resolve(shelf.pulls()),
    endpoints: () => Promise.resolve(null),
    server: false,
  }
}
