/** Starts a command in the background and waits to be killed, as a server that has no time to end anything. */
import { systemClock } from '../../clock.ts'
import { openShells } from '../shells.ts'
import { openBench } from './bench.ts'

const [command = ''] = process.argv.slice(2)
const { use, store, around } = await openBench()
const shells = openShells({ clock: systemClock, store, say: () => {} })
process.stdout.write(`${around}\n`)
await shells.start(use(), { command, network: false })
process.stdout.write('started\n')
process.stdin.resume()
