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
const KEY = 'pkn.machine'
const UNKNOWN: Machine = { agents: [], endpoints: [], models: [], model: null, known: false }

/**
 * Looks at once, when the page comes back into view, and every 5 s while it is in view: models come and go without telling. Until the first
 * look it is as it was when it was last seen, so that nothing is pushed about when it turns out to be the same.
 */
export function watchMachine(
  client: Client,
  reach: Reach,
  storage: Storage,
): { machine: Cell<Machine>; look: () => void } {
  const machine = cell<Machine>(lastSeen(storage))
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
      const seen = JSON.stringify(next)
      if (seen === JSON.stringify(was)) return
      machine.set(next)
      keep(storage, seen)
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

function lastSeen(storage: Storage): Machine {
  try {
    const kept: unknown = JSON.parse(storage.getItem(KEY) ?? 'null')
    // What another version of the page kept may lack something.
    const whole = typeof kept === 'object' && kept !== null && Object.keys(UNKNOWN).every((part) => part in kept)
    return whole ? (kept as Machine) : UNKNOWN
  } catch {
    return UNKNOWN
  }
}

function keep(storage: Storage, machine: string): void {
  try {
    storage.setItem(KEY, machine)
  } catch {
    // Full or forbidden: the next visit looks first.
  }
}
