import type { DatabaseSync } from 'node:sqlite'
import type { ChangeName, Changes, ResultOf } from './changes.ts'
import { Refusal } from './refusal.ts'
import { failureOf, type Change, type Outcome } from './sqlite-protocol.ts'

/**
 * Makes all changes in one transaction. One that is refused or fails is undone alone; if the transaction itself fails, all have failed
 * and nothing was written.
 */
export function transactor(db: DatabaseSync, table: Changes): (changes: readonly Change[]) => Outcome[] {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const save = db.prepare('SAVEPOINT one')
  const keep = db.prepare('RELEASE one')

  function attempt([kind, args]: Change): Outcome {
    save.run()
    try {
      const change = table[kind] as (a: typeof args) => ResultOf<ChangeName> // the pair was typed where it was made
      const ok = change(args)
      keep.run()
      return { ok }
    } catch (cause) {
      // SQLite gives up the whole transaction by itself when the disk fails.
      if (!db.isTransaction) throw cause
      db.exec('ROLLBACK TO one; RELEASE one')
      return outcomeOf(cause)
    }
  }

  return (changes) => {
    try {
      begin.run()
      const outcomes = changes.map(attempt)
      commit.run()
      return outcomes
    } catch (cause) {
      if (db.isTransaction) db.exec('ROLLBACK')
      const outcome = outcomeOf(cause)
      return changes.map(() => outcome)
    }
  }
}

function outcomeOf(cause: unknown): Outcome {
  if (cause instanceof Refusal) return { refused: cause.code, what: cause.what }
  const failed = failureOf(cause)
  if (failed !== null) return { failed }
  return { bug: cause instanceof Error ? (cause.stack ?? cause.message) : String(cause) }
}
