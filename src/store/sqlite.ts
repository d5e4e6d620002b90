import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock, Say } from '../core/ports.ts'
import type { Ledger } from './changes.ts'
import { LocalStore } from './local-store.ts'
import { faulting, faultOf } from './sqlite-faults.ts'
import { failureOf } from './sqlite-protocol.ts'
import { sqliteReads } from './sqlite-reads.ts'
import { SqliteWriter } from './sqlite-writer.ts'

/** How often another process's changes are looked for while somebody waits: between processes there is no event. */
const POLL = 500

/** A store in one file. Any number of processes may share it. Throws store.failed if it can't be opened. */
export async function openSqlite({ path, clock, say }: { path: string; clock: Clock; say: Say }): Promise<LocalStore> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const writer = new SqliteWriter(path)
  await writer.open()
  try {
    return new LocalStore({ ledger: sqliteLedger(path, writer, clock, say), clock, say })
  } catch (cause) {
    await writer.close()
    const failure = failureOf(cause)
    throw failure === null ? cause : faultOf(path, failure, cause)
  }
}

function sqliteLedger(path: string, writer: SqliteWriter, clock: Clock, say: Say): Ledger {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 1000 })
  return {
    reads: faulting(path, sqliteReads(db)),
    write: (kind, args) => writer.change(kind, args),
    watch(call) {
      let cancel = () => {}
      function tick(): void {
        cancel = clock.after(POLL, tick)
        writer.poll().then(
          (changed) => changed && call(),
          (cause: unknown) => say({ level: 'error', text: 'other processes cannot be seen', cause }),
        )
      }
      tick()
      return () => cancel()
    },
    async close() {
      // The writer last: the last connection to close folds the WAL back into the file.
      db.close()
      await writer.close()
    },
  }
}
