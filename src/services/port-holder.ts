import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export type Holder = { pid: number; command: string }

/** Which process listens on a port of this machine, where the system tells. Of another user's process it may not. */
export function portHolder(port: number): Holder | null {
  try {
    return process.platform === 'linux' ? fromProc(port) : fromLsof(port)
  } catch {
    return null
  }
}

function fromProc(port: number): Holder | null {
  const sockets = new Set([...listening('/proc/net/tcp', port), ...listening('/proc/net/tcp6', port)])
  if (sockets.size === 0) return null
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (openFiles(pid).some((file) => sockets.has(file))) return { pid: Number(pid), command: commandOf(pid) }
  }
  return null
}

/** The sockets that listen on the port, as the links of /proc/PID/fd name them. */
function listening(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = read(table).trim().split('\n').slice(1)
  return rows.flatMap((row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/)
    return local?.endsWith(`:${hex}`) && state === '0A' ? [`socket:[${inode}]`] : []
  })
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`)
      } catch {
        return ''
      }
    })
  } catch {
    return [] // gone, or not ours to look at
  }
}

const commandOf = (pid: string) => read(`/proc/${pid}/cmdline`).split('\0').join(' ').trim().slice(0, 200)

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function fromLsof(port: number): Holder | null {
  const told = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fp'], { encoding: 'utf8' })
  const pid = Number(/^p(\d+)/m.exec(told)?.[1] ?? 0)
  if (pid === 0) return null
  return {
    pid,
    command: execFileSync('ps', ['-o', 'command=', '-p', `${pid}`], { encoding: 'utf8' })
      .trim()
      .slice(0, 200),
  }
}
