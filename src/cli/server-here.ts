import { connectTo, type Client } from '../client/client.ts'
import { Unreachable } from '../client/refusal.ts'
import { loadConfig, type Config } from '../config.ts'
import { startService } from '../services/service.ts'
import { Failed } from './command.ts'
import { openServices } from './services.ts'
import { addressOf } from './shelf-access.ts'

/** Nobody is there; it says how to start it. */
export class NotRunning extends Failed {}

export type ServerHere = { client: Client; base: string; config: Config }

/** The server of this machine, once it has answered; where it does not run, it is started first if that is wanted. */
export async function serverHere(start: boolean, tell: (text: string) => void): Promise<ServerHere> {
  const config = loadConfig()
  const base = addressOf(config)
  const client = connectTo(base)
  const answers = async (): Promise<boolean> => {
    try {
      await client.call('health', {})
      return true
    } catch (cause) {
      if (cause instanceof Unreachable) return false
      throw cause
    }
  }
  if (await answers()) return { client, base, config }
  if (!start)
    throw new NotRunning(`The PKN server does not answer at ${base}. Start it with: pkn start (or add --start here)`)
  const { ok, text } = await startService(openServices(config).services.divinenode, tell)
  if (!ok) throw new NotRunning(`The PKN server could not be started: ${text}`)
  if (!(await answers())) throw new NotRunning(`The PKN server was started, but does not answer at ${base}: ${text}`)
  return { client, base, config }
}
