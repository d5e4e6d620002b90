import type { Shown } from '../wire/shown.ts'
import type { Sandbox } from './sandbox.ts'
import type { Traffic } from './egress-traffic.ts'
import type { End } from './shell-process.ts'
import { visible } from './visible.ts'

/** From here on the end of an output is told before its beginning, since that is where it says what went wrong. */
const LONG = 3000
const LAST = 700

export const shownCommand = (
  { command, network, background }: { command: string; network: boolean; background: boolean },
  folder: string,
  sandbox: Sandbox,
): Shown => ({
  kind: 'command',
  command: visible(command),
  folder,
  sandbox: sandbox.kind === 'none' ? null : sandbox.kind,
  // What nothing confines has the network of the machine.
  network: network || sandbox.kind === 'none',
  background,
})

/** How it ended, in a line. */
export function ending({ code, signal, cause, ms, traffic }: End, sandbox: Sandbox): string {
  const how =
    cause === null ? (code === null ? `ended by ${signal ?? 'an error'}` : `exit code ${code}`) : CAUSES[cause]
  const free = sandbox.kind === 'none' ? `; nothing confined it: ${sandbox.why}` : ''
  return `[${how} after ${(ms / 1000).toFixed(1)} s${free}${traffic === null ? '' : `; ${wentOut(traffic)}`}]`
}

/** What it asked of the network. */
function wentOut({ hosts, refused, received, sent }: Traffic): string {
  const came = `${Math.ceil(received / 1024)} kB came and ${Math.ceil(sent / 1024)} kB went`
  const told = hosts.length === 0 ? 'it reached no host' : `it reached ${hosts.join(', ')}: ${came}`
  if (refused.length === 0) return told
  // Once for all that the same is said of.
  const whys = new Set(refused.map(({ why }) => why.split('\n')[0]).slice(0, MOST_WHYS))
  return `${told}; refused: ${refused.map(({ target }) => target).join(', ')}. ${[...whys].join(' ')}`
}
const MOST_WHYS = 4

const CAUSES: Record<NonNullable<End['cause']>, string> = {
  late: 'ended, because its time was over',
  stopped: 'ended, because it was told to',
  output: 'ended, because it wrote more than 16 MB',
  processes: 'ended, because it started too many processes',
  memory: 'ended, because it took too much memory',
  disk: 'ended, because the disk is almost full',
}

/** What the model is told: the output, and how it ended. */
export function report(text: string, end: End, sandbox: Sandbox): string {
  const how = ending(end, sandbox)
  if (text === '') return `(no output)\n${how}`
  if (text.length <= LONG) return `${text}\n${how}`
  const from = text.indexOf('\n', text.length - LAST)
  const last = text.slice(from === -1 ? text.length - LAST : from + 1)
  return `${how}\n[its last lines:]\n${last}\n[all of it from the beginning:]\n${text}\n${how}`
}
