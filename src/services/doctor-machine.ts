import { accessSync, constants, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { bad, ok, quoted, warn, type Finding } from './finding.ts'
import { memoryWords } from '../wire/memory.ts'
import { amount } from './in-words.ts'
import { lookAtMachine } from './machine.ts'

const FULL = 256e6
const LITTLE = 3e9

/** Below 256 MB nothing is pulled; when nothing is left, no message is accepted. */
export async function checkDisk(home: string, free?: number): Promise<Finding> {
  const left = free ?? (await freeOn(home))
  const text = `${amount(left)} free where ${home} lies`
  const largest = `du -xh ${quoted(home)} | sort -h | tail -n 20`
  if (left < FULL) return bad('disk', `${text}: models can't be got, and soon no message can be kept`, largest)
  return left < LITTLE ? warn('disk', `${text}: too little for most models`, largest) : ok('disk', text)
}

async function freeOn(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    const about = await statfs(at).catch(() => null)
    if (about !== null) return about.bavail * about.bsize
    if (dirname(at) === at) return 0
  }
}

/** `model` is the size of the file that the engine loads. */
export function checkMemory(model: number, memory = { total: totalmem(), free: freeMemory() }): Finding {
  const text = `${amount(memory.free * (1e9 / 2 ** 30))} of ${memoryWords(memory.total)} free`
  const smaller = './pkn models catalogue'
  if (model * 1.1 > memory.total)
    return bad('memory', `${text}, but the model alone takes ${amount(model)}; choose a smaller one`, smaller)
  if (memory.free < 300e6 || model * 1.1 > memory.free)
    return warn('memory', `${text}; a model of ${amount(model)} may not fit beside what runs`, smaller)
  return ok('memory', text)
}

/** Memory that is given back when it is needed counts as free. */
const freeMemory = (): number => process.availableMemory?.() ?? freemem()

export async function checkGpu(home: string): Promise<Finding> {
  const { gpu } = await lookAtMachine(home)
  if (gpu === null) return ok('gpu', 'none was found; models run on the processor')
  return ok('gpu', `${gpu.name}${gpu.memory === null ? '' : ` with ${memoryWords(gpu.memory)}`}`)
}

/** What is younger than now shows that the clock went back. `written` is when the database was last written to. */
export function checkClock(written: number | null, now = Date.now()): Finding {
  const mend = process.platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true'
  if (now < Date.UTC(2025, 0)) return bad('clock', `it says ${new Date(now).toISOString()}`, mend)
  if (written !== null && written > now + 60_000)
    return bad('clock', `it is ${Math.round((written - now) / 1000)} s behind what the database was written at`, mend)
  return ok('clock', new Date(now).toISOString())
}

export function checkHome(home: string): Finding {
  const about = statSync(home, { throwIfNoEntry: false })
  if (about === undefined) return ok('home', `${home} will be made with the first start`)
  if (!about.isDirectory()) return bad('home', `${home} is no folder; PKN_HOME names it`, 'unset PKN_HOME')
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return bad('home', `${home} cannot be written by this user`, `sudo chown -R "$(id -u)" ${quoted(home)}`)
  }
  const open = about.mode & 0o077
  return open === 0 || process.platform === 'win32'
    ? ok('home', home)
    : warn(
        'home',
        `${home} is open to other users of this machine (mode ${(about.mode & 0o777).toString(8)})`,
        `chmod 700 ${quoted(home)}`,
        true,
      )
}
