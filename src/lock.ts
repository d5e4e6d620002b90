import { DatabaseSync } from 'node:sqlite'

/**
 * A lock of the operating system, which ends with its process however that ends: the write lock of a second, empty database, since SQLite
 * knows how to lock a file on every platform.
 */
export class Lock {
  readonly #path: string
  #db: DatabaseSync | null = null

  constructor(path: string) {
    this.#path = path
  }

  get held(): boolean {
    return this.#db !== null
  }

  /** Whether it was taken just now. Throws where files can't be locked at all. */
  take(): boolean {
    if (this.#db !== null) return false
    const db = new DatabaseSync(this.#path, { timeout: 0 })
    try {
      db.exec('BEGIN EXCLUSIVE')
    } catch (cause) {
      db.close()
      if (cause instanceof Error && 'errcode' in cause && (Number(cause.errcode) & 255) === BUSY) return false
      throw cause
    }
    this.#db = db
    return true
  }

  leave(): void {
    this.#db?.close()
    this.#db = null
  }
}

const BUSY = 5
