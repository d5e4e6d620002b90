import type { Client } from '../../client/client.ts'
import type { AgentCard } from '../../wire/agent.ts'
import type { Reply } from '../../wire/api.ts'
import type { EndpointInfo } from '../../wire/model.ts'
import { cell, type Cell } from './cell.ts'
import type { Reach } from './reach.ts'

/** Who can answer, and with what. */
export type Machine = {
  agents: readonly AgentCard[]
  endpoints: readonly EndpointInfo[]
  models: Reply<'models'>['data']
  /** What answers if nothing else is asked for; null if there is nothing. */
  model: string | null
  known: boolean
}

const EVERY_MS = 5000

/** Looks at once, when the page comes back into view, and every 5 s while it is in view: models come and go without telling. */
export function watchMachine(client: Client, reach: Reach): { machine: Cell<Machine>; look: () => void } {
  const machine = cell<Machine>({ agents: [], endpoints: [], models: [], model: null, known: false })
  let looking = false
  const look = async (): Promise<void> => {
    if (looking || document.visibilityState === 'hidden') return
    looking = true
    try {
      const [health, models, agents] = await reach.surely(() =>
        Promise.all([client.call('health', {}), client.call('models', {}), client.call('agents', {})]),
      )
      reach.saw(health.version)
      const was = machine.get()
      const next: Machine = {
        agents: agents.agents,
        endpoints: models.endpoints,
        models: models.data,
        model: health.model,
        known: true,
      }
      if (JSON.stringify(next) !== JSON.stringify(was)) machine.set(next)
    } finally {
      looking = false
    }
  }
  const start = () => {
    look().catch((error: unknown) => console.error('PKN: looking at the models failed', error))
  }
  start()
  setInterval(start, EVERY_MS)
  document.addEventListener('visibilitychange', start)
  return { machine, look: start }
}
