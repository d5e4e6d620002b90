import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import type { Clock } from '../core/ports.ts'

/** What all processes of one sandbox may have at once. */
export const MOST_TOGETHER = {
  processes: 600,
  memoryBytes: Math.max(1024 ** 3, Math.round(totalmem() / 2)),
  /** With less than this on the disk of the workspace nothing goes on that could fill it. */
  leastDisk: 256e6,
}
const EACH_MS = 250
const PAGE = 4096

export type TooMuch = 'processes' | 'memory' | 'disk'

/**
 * Looks, while a sandbox lives, at what the kernel's own limits don't bound: processes where it is root's, the memory of all of them together, the disk.
 * The result ends it. There is no event for any of these, so that this looks again and again.
 */
export function watchSandbox(
  {
    outer,
    folder,
    clock,
    most = MOST_TOGETHER,
  }: { outer: number | undefined; folder: string; clock: Clock; most?: typeof MOST_TOGETHER },
  over: (what: TooMuch) => void,
): () => void {
  let cancel = () => {}
  let ended = false
  let space: string | null = null
  const look = async () => {
    space ??= outer === undefined ? null : namespaceBelow(outer)
    const much = space === null ? null : tooMuch(space, most)
    if (much !== null) over(much)
    else {
      const disk = await statfs(folder).catch(() => null)
      if (!ended && disk !== null && disk.bavail * disk.bsize < most.leastDisk) over('disk')
    }
    if (!ended) cancel = clock.after(EACH_MS, () => void look())
  }
  cancel = clock.after(EACH_MS, () => void look())
  return () => {
    ended = true
    cancel()
  }
}

function tooMuch(space: string, most: typeof MOST_TOGETHER): TooMuch | null {
  let [processes, memory] = [0, 0]
  for (const pid of readdirSync('/proc')) {
    if (!/^\d/.test(pid) || namespaceOf(pid) !== space) continue
    processes++
    memory += residentOf(pid)
  }
  if (processes > most.processes) return 'processes'
  return memory > most.memoryBytes ? 'memory' : null
}

/** That of the processes which bubblewrap, the process named, has made; null until it has. */
function namespaceBelow(outer: number): string | null {
  const own = namespaceOf('self')
  for (const pid of readdirSync('/proc')) {
    if (!/^\d/.test(pid) || parentOf(pid) !== outer) continue
    const space = namespaceOf(pid)
    if (space !== own) return space
  }
  return null
}

/** The name of a program may have anything in it, so that what follows it is counted from its end. */
function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return Number(stat.slice(stat.lastIndexOf(')') + 1).split(' ')[2])
  } catch {
    return 0
  }
}

function namespaceOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    // It has ended, or is another user's.
    return null
  }
}
function residentOf(pid: string): number {
  try {
    const [, resident = '0', shared = '0'] = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')
    return (Number(resident) - Number(shared)) * PAGE
  } catch {
    return 0
  }
}
