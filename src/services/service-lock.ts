import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Runs `work` while no other process does so under the same path, and tells when it has to wait for one. It is a lock of the operating
 * system, so it ends with its process however that ends: the write lock of an empty database.
 */
export async function alone<T>(path: string, waiting: () => void, work: () => Promise<T>): Promise<T> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    for (let told = -Infinity; !taken(lock);) {
      if (performance.now() - told >= 1000) {
        told = performance.now()
        waiting()
      }
      await new Promise((resolve) => setTimeout(resolve, 50)) // the end of another process's lock is no event
    }
    return await work()
  } finally {
    lock.close()
  }
}

const BUSY = 5

function taken(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (cause) {
    if (cause instanceof Error && 'errcode' in cause && cause.errcode === BUSY) return false
    throw cause
  }
}
