import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'

const Kept = z.object({
  pid: z.int().min(2),
  began: z.string().min(1),
  since: z.iso.datetime(),
  port: z.int().optional(),
})
/** `port` is the one that it was told to answer on. `began` is when the process began, as the system tells it: another process that got the same number began at another time. */
export type Kept = z.infer<typeof Kept>

/** The process that the file names, if it is still that one. */
export function livingProcess(path: string): Kept | null {
  const kept = readPidFile(path)
  return kept !== null && beginOf(kept.pid) === kept.began ? kept : null
}

/** What the file says, whether or not the process lives. */
export function readPidFile(path: string): Kept | null {
  try {
    const parsed = Kept.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}

export function writePidFile(path: string, pid: number, port?: number): void {
  const began = beginOf(pid)
  if (began === null) return // it has ended already
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const kept: Kept = { pid, began, since: new Date().toISOString(), ...(port === undefined ? {} : { port }) }
  writeFileSync(`${path}.new`, JSON.stringify(kept), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export function removePidFile(path: string, pid: number): void {
  if (readPidFile(path)?.pid === pid) rmSync(path, { force: true })
}

/** The process that started it, or null if there is no such process. */
export function parentOf(pid: number): number | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    }
    return Number(execFileSync('ps', ['-o', 'ppid=', '-p', `${pid}`], { encoding: 'utf8' }).trim())
  } catch {
    return null
  }
}

/** When a process began, in the words of the system, or null if there is no such process (or only what is left of one). */
export function beginOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      // The name, in brackets, may itself hold spaces and brackets.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? null : (fields[19] ?? null)
    }
    const told = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim()
    return told === '' || told.startsWith('Z') ? null : told.replace(/^\S+\s+/, '')
  } catch {
    return null
  }
}
