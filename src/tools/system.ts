import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, freemem, loadavg, release, totalmem, type, uptime } from 'node:os'
import { z } from 'zod'
import type { Clock, Tool } from '../core/ports.ts'
import { startCommand } from './shell-process.ts'
import type { Shells } from './shells.ts'
import { boundedLines, terminalText } from './terminal-text.ts'

const ASKED = 'bash git node npm python3 pip3 gcc make cmake cargo go java ruby php docker curl jq rg sqlite3 ffmpeg'
/** The first line that each says of itself; those that are not there say nothing. */
const VERSIONS = `for t in ${ASKED}; do command -v $t >/dev/null 2>&1 || continue; case $t in go) v=$(go version);; java) v=$(java -version 2>&1);; *) v=$($t --version 2>&1);; esac; echo "$t: $(echo "$v" | head -n 1 | cut -c 1-100)"; done`
const GB = 1024 ** 3

const Input = z.object({})

export const system = ({ shells, clock }: { shells: Shells; clock: Clock }): Tool<z.infer<typeof Input>> => ({
  name: 'system',
  about:
    'This machine: system, processor, memory, disk, load, and which common programs the shell has, with their versions.',
  input: Input,
  effect: 'read',
  reach: 'machine',
  limitMs: 40_000,
  run: async (_, { folder, signal }) => {
    const disk = await statfs(folder)
    const sandbox = await shells.sandbox()
    const found = boundedLines(8192)
    const text = terminalText({ line: found.add, live: () => {} })
    const running = startCommand({ sandbox, clock, folder, command: VERSIONS, network: null }, text.push)
    const stop = () => running.end('stopped')
    signal.addEventListener('abort', stop, { once: true })
    const cancel = clock.after(20_000, () => running.end('late'))
    const { cause } = await running.ended
    cancel()
    signal.removeEventListener('abort', stop)
    text.end()
    const free = process.availableMemory?.() ?? freemem()
    const lines = [
      `System: ${type()} ${release()} (${process.platform} ${process.arch}), up for ${(uptime() / 3600).toFixed(1)} h`,
      `Processor: ${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}; load ${loadavg()
        .map((l) => l.toFixed(1))
        .join(' ')}`,
      `Memory: ${(free / GB).toFixed(1)} GB of ${(totalmem() / GB).toFixed(1)} GB free`,
      `Disk of the workspace: ${((disk.bavail * disk.bsize) / GB).toFixed(1)} GB of ${((disk.blocks * disk.bsize) / GB).toFixed(1)} GB free`,
      `Commands: ${sandbox.kind === 'none' ? `nothing confines them (${sandbox.why})` : `confined by ${sandbox.kind} ${sandbox.version}`}`,
      cause === null ? 'Programs:' : 'Programs (not all could be asked in time):',
      found.text(),
    ]
    return { ok: true, output: lines.join('\n') }
  },
})
