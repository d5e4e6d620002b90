import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Lock } from '../lock.ts'

/** Runs `work` while no other process does so under the same path, and tells when it has to wait for one. */
export async function alone<T>(path: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new Lock(path)
  for (let told = -Infinity; !lock.take();) {
    if (performance.now() - told >= 1000) {
      told = performance.now()
      waiting()
    }
    await new Promise((resolve) => setTimeout(resolve, 50)) // the end of another process's lock is no event
  }
  try {
    return await work()
  } finally {
    lock.leave()
  }
}
