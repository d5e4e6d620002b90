import { execFile } from 'node:child_process'
import { readdir, readFile, statfs } from 'node:fs/promises'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import type { Machine } from '../wire/shelf.ts'

/** What this machine is, as far as it can be found out within two seconds. Never fails. */
export async function lookAtMachine(models: string): Promise<Machine> {
  const [memory, disk, gpu] = await Promise.all([memoryOf(), freeOn(models), findGpu()])
  return { memory, disk, cores: availableParallelism(), gpu }
}

/** A container may be given less than the machine has. */
async function memoryOf(): Promise<number> {
  const limit = Number(await text('/sys/fs/cgroup/memory.max'))
  return limit > 0 && limit < totalmem() ? limit : totalmem()
}

/** The folder itself may not be there yet. */
async function freeOn(folder: string): Promise<number> {
  for (let at = folder; ; at = dirname(at)) {
    const about = await statfs(at).catch(() => null)
    if (about !== null) return about.bavail * about.bsize
    if (dirname(at) === at) return 0
  }
}

async function findGpu(): Promise<Machine['gpu']> {
  if (process.platform === 'darwin' && process.arch === 'arm64')
    // Its memory is the machine's; the system lets the GPU have about three quarters of it.
    return { name: 'Apple GPU', memory: Math.floor(totalmem() * 0.75) }
  return (await nvidia()) ?? (await amd())
}

async function nvidia(): Promise<Machine['gpu']> {
  const said = await output('nvidia-smi', ['--query-gpu=name,memory.total', '--format=csv,noheader,nounits'])
  const [name, mib] = said.split('\n')[0]?.split(', ') ?? []
  return name && Number(mib) > 0 ? { name, memory: Number(mib) * 1024 ** 2 } : null
}

/** The kernel's driver tells the memory of a card that is AMD's. */
async function amd(): Promise<Machine['gpu']> {
  const cards = await readdir('/sys/class/drm').catch(() => [])
  for (const card of cards.filter((name) => /^card\d+$/.test(name))) {
    const device = join('/sys/class/drm', card, 'device')
    const memory = Number(await text(join(device, 'mem_info_vram_total')))
    if (memory >= 2 * 1024 ** 3) {
      const name = (await text(join(device, 'product_name'))).trim()
      return { name: name === '' ? 'AMD GPU' : name, memory }
    }
  }
  return null
}

const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

const output = (file: string, args: string[]): Promise<string> =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: 2000, encoding: 'utf8' }, (cause, stdout) => resolve(cause ? '' : stdout.trim()))
  })
