/** Starts a command in the background and waits to be killed, as a server that has no time to end anything. */
import { systemClock } from '../../clock.ts'
import { openEgress } from '../egress.ts'
import { openShells } from '../shells.ts'
import { openBench } from './bench.ts'

const [command = ''] = process.argv.slice(2)
const { use, store, around } = await openBench()
const egress = openEgress({ clock: systemClock, version: '0', allowPrivate: [] })
const shells = openShells({ clock: systemClock, store, egress, say: () => {} })
process.stdout.write(`${around}\n`)
await shells.start(use(), { command, network: false })
process.stdout.write('started\n')
process.stdin.resume()
