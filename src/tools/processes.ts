import { execFile } from 'node:child_process'
import { z } from 'zod'
import type { Clock, Tool } from '../core/ports.ts'
import type { InBackground, Shells } from './shells.ts'

const MOST = 40
const Input = z.object({
  name: z.string().max(100).optional().describe('Only those whose name has this in it.'),
})

/** Names of programs, and not how they were called: that may hold a password. */
export const processes = ({ shells, clock }: { shells: Shells; clock: Clock }): Tool<z.infer<typeof Input>> => ({
  name: 'processes',
  about: 'What runs: the own commands in the background, and the processes of this machine that use the most.',
  input: Input,
  effect: 'read',
  reach: 'machine',
  limitMs: 15_000,
  run: async ({ name = '' }, { session, signal }) => {
    const own = shells
      .list(session)
      .map((process) => `${process.handle}  ${stateOf(process, clock)}  ${process.command.slice(0, 200)}`)
    const listed = await listing(signal)
    if (listed === null)
      return { ok: false, output: [...own, 'What else runs could not be listed: there is no ps here.'].join('\n') }
    const [head = '', ...rows] = listed.trimEnd().split('\n')
    const fitting = rows.filter((row) => row.toLowerCase().includes(name.toLowerCase()))
    const left = fitting.length - MOST
    const lines = [
      `In the background of this chat: ${own.length === 0 ? 'nothing' : ''}`,
      ...own,
      '',
      `On this machine (${rows.length} processes${name === '' ? '' : `, ${fitting.length} with ${JSON.stringify(name)}`}):`,
      head,
      ...fitting.slice(0, MOST),
      ...(left > 0 ? [`(${left} more, which use less)`] : []),
    ]
    return { ok: true, output: lines.join('\n') }
  },
})

const stateOf = ({ end, started }: InBackground, clock: Clock): string =>
  end === null
    ? `runs for ${Math.round((clock.wall() - started) / 1000)} s`
    : `ended with ${end.code ?? end.cause ?? end.signal}`

function listing(signal: AbortSignal): Promise<string | null> {
  const args = ['-A', '-o', 'pid,ppid,user,pcpu,pmem,rss,etime,args']
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C' }
    execFile('ps', args, { env, signal, timeout: 10_000, maxBuffer: 4e6, cwd: '/' }, (error, out) =>
      resolve(error === null ? sorted(out) : null),
    )
  })
}

/** Those first that use the processor most, then memory; `--sort` is not known to every ps. */
function sorted(out: string): string {
  const [head = '', ...rows] = out.trimEnd().split('\n')
  const use = (row: string) => row.trim().split(/\s+/).slice(3, 6).map(Number)
  const by = (a: string, b: string) => {
    const [cpuA = 0, , memoryA = 0] = use(a)
    const [cpuB = 0, , memoryB = 0] = use(b)
    return cpuB - cpuA || memoryB - memoryA
  }
  return [head, ...rows.toSorted(by).map(named)].join('\n')
}

/** The program, and the script that it runs: of its other arguments nothing is told. */
const named = (row: string): string =>
  row.replace(/^((?:\s*\S+){7})\s+(.*)$/, (_, columns: string, args: string) => {
    const [program = '', script = ''] = args.split(' ')
    const name = program.startsWith('[') ? program : (program.split('/').at(-1) ?? '')
    return `${columns} ${name}${/\.(?:[cm]?[jt]s|py|rb|sh|jar|pl)$/.test(script) ? ` ${script.split('/').at(-1)}` : ''}`
  })
