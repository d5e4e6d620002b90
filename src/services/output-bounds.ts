import { join } from 'node:path'
import type { Clock, Say } from '../core/ports.ts'
import { boundOutput } from './output-file.ts'

const EVERY_MS = 10 * 60_000
const OUTPUTS = ['engine.log', 'ollama.log', 'divinenode.out']

/** Keeps what the services write beside the server's own log from growing without end, until it is called off. */
export function keepOutputsBounded(given: { home: string; clock: Clock; say: Say }): () => void {
  let cancel = () => {}
  const look = () => {
    for (const name of OUTPUTS) {
      try {
        boundOutput(join(given.home, name))
      } catch (cause) {
        given.say({ level: 'warn', text: `${name} could not be put aside, and grows on`, cause })
      }
    }
    cancel = given.clock.after(EVERY_MS, look)
  }
  look()
  return () => cancel()
}
