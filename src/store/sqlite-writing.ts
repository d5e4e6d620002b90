import { DatabaseSync } from 'node:sqlite'
import { Lock } from '../lock.ts'
import { migrate } from './migrate.ts'
import { sqliteChanges } from './sqlite-changes.ts'
import { failureOf, isBroken, type Change, type Outcome, type WriterOptions } from './sqlite-protocol.ts'
import { CHANGES } from './statements.ts'
import { transactor } from './transact.ts'

/** How long a change waits for another process's transaction, in milliseconds. */
const BUSY = 5000

type Connection = { db: DatabaseSync; transact: (changes: readonly Change[]) => Outcome[]; version: () => unknown }

/** The one writing connection of this process, and the lock that says whether it is the machine's only one. */
export class SqliteWriting {
  readonly #path: string
  readonly #first: boolean
  readonly #lock: Lock
  #connection: Connection
  #version: unknown

  constructor({ path, first }: WriterOptions) {
    this.#path = path
    this.#first = first
    this.#lock = new Lock(`${path}-lock`)
    this.#connection = this.#connect()
    this.#keep()
    this.#version = this.#connection.version()
  }

  transact(changes: readonly Change[]): Outcome[] {
    const outcomes = this.#connection.transact(changes)
    // After a failed write or flush nothing that the connection remembers of the file can be trusted.
    if (outcomes.some((o) => 'failed' in o && isBroken(o.failed))) this.#reconnect()
    return outcomes
  }

  /** Whether another process has changed something, or ended and left its runs to this one. */
  poll(): boolean {
    const before = this.#version
    this.#version = this.#connection.version()
    return this.#keep() || this.#version !== before
  }

  close(): void {
    this.#connection.db.close()
    this.#lock.leave()
  }

  /** Whoever takes the lock knows that its earlier holder is gone, so what that one had claimed is free at once and not after a lease. */
  #keep(): boolean {
    if (!this.#taken() || !this.#first) return false
    this.#connection.db.exec(CHANGES.voidLeases)
    return true
  }

  #taken(): boolean {
    try {
      return this.#lock.take()
    } catch (cause) {
      // Where files can't be locked at all there are still the leases.
      if (failureOf(cause) === null) throw cause
      return false
    }
  }

  #connect(): Connection {
    const db = new DatabaseSync(this.#path, { timeout: BUSY, enableForeignKeyConstraints: true })
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL')
    migrate(db)
    const version = db.prepare('PRAGMA data_version')
    return {
      db,
      transact: transactor(
        db,
        sqliteChanges(db, () => this.#lock.held),
      ),
      version: () => version.get()?.['data_version'],
    }
  }

  #reconnect(): void {
    this.#connection.db.close()
    this.#connection = this.#connect()
    this.#version = this.#connection.version()
  }
}
