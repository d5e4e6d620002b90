import type { DatabaseSync } from 'node:sqlite'
import type { Batch, Changes, Ending, MessageRow, RunRow, SessionRow } from './changes.ts'
import { prepareAll } from './prepare.ts'
import { Refusal } from './refusal.ts'
import { sameWish } from './wish.ts'
import { CHANGES } from './statements.ts'

/** Each runs inside a savepoint, so it may throw half-way. `keeper`: whether this process holds the lock file. */
export function sqliteChanges(db: DatabaseSync, keeper: () => boolean): Changes {
  const sql = prepareAll(db, CHANGES)

  /** False if this very batch is there already. */
  function append({ run, epoch, after, last, entries }: Batch): boolean {
    const moved = sql.moveHead.get(last, run, epoch, after) as { owner: string } | undefined
    if (moved === undefined) return refuse({ run, epoch, after, last, entries })
    sql.addChunk.run(run, last, after + 1, epoch, moved.owner, entries)
    return true
  }

  function refuse({ run: id, epoch, after, last, entries }: Batch): false {
    const run = sql.run.get(id) as RunRow | undefined
    if (run === undefined) throw new Refusal('log.lost', 'the run is gone')
    if (run.epoch !== epoch) throw new Refusal('log.lost', `epoch ${epoch} is over, ${run.epoch} writes now`)
    if (sql.sameChunk.get(id, last, after + 1, epoch, entries) !== undefined) return false
    if (run.state !== 'running') throw new Refusal('log.lost', `the run is ${run.state}`)
    throw new Refusal('log.offset', `an append after ${after} meets the head ${run.head}`)
  }

  function end({ run, message, text, agent, model, reason, fault, now }: Ending): void {
    const { owner, session } = sql.endRun.get({ run, reason }) as { owner: string; session: string }
    sql.addMessage.get({ id: message, owner, session, run, role: 'assistant', text, now, agent, model, reason, fault })
    sql.useSession.run({ owner, session, now, title: '' })
  }

  return {
    createSession: (a) => sql.addSession.get(a) as SessionRow,
    renameSession(a) {
      return found(sql.renameSession.get(a) as SessionRow | undefined, () => new Refusal('session.missing', a.id))
    },
    removeSession({ owner, id }) {
      const runs = sql.runsOfSession.all({ id }) as { id: string }[]
      if (sql.removeSession.run({ owner, id }).changes === 0) throw new Refusal('session.missing', id)
      return runs.map((run) => run.id)
    },
    submit({ owner, session, id, run, text, title, now, agent, backend, model, priority }) {
      const wish = { agent, backend, model, priority }
      if (sql.ownsSession.get(session, owner) === undefined) throw new Refusal('session.missing', session)
      const message = sql.message.get(id) as MessageRow | undefined
      if (message !== undefined) {
        const known = sql.run.get(message.run) as RunRow
        const same = message.owner === owner && message.session === session && message.role === 'user'
        if (!same || message.text !== text || !sameWish(known, wish)) throw new Refusal('message.conflict', id)
        return { message, run: known }
      }
      sql.useSession.run({ owner, session, now, title })
      const none = { agent: null, model: null, reason: null, fault: null }
      const queued = sql.addRun.get({ run, owner, session, id, now, ...wish }) as RunRow
      const said = sql.addMessage.get({ id, owner, session, run, role: 'user', text, now, ...none }) as MessageRow
      return { message: said, run: queued }
    },
    append(batch) {
      append(batch)
      return null
    },
    settle(ending) {
      const run = sql.run.get(ending.run) as RunRow | undefined
      if (run?.cancel === 1 && run.state === 'running' && ending.reason !== 'cancelled')
        throw new Refusal('run.cancelled', ending.run)
      if (append(ending)) end(ending)
      return null
    },
    claim({ worker, now, until, which }) {
      const run = sql.claim.get({ worker, now, until, which, keeper: keeper() ? 1 : 0 }) as RunRow | undefined
      if (run === undefined) return { run: null, next: (sql.nextLease.get() as { next: number | null }).next }
      return { run, message: sql.message.get(run.message) as MessageRow }
    },
    renew({ until, claims }) {
      return claims.map(({ run, epoch }) => {
        const row = sql.renew.get({ run, epoch, until }) as { cancel: number } | undefined
        return row === undefined ? 'lost' : row.cancel === 1 ? 'cancelled' : 'held'
      })
    },
    release({ run, epoch }) {
      sql.release.run({ run, epoch })
      return null
    },
    cancel({ owner, run }) {
      return found(sql.cancel.get({ owner, run }) as RunRow | undefined, () => new Refusal('run.missing', run))
    },
    answer({ owner, run, ask, allow, now }) {
      if (sql.requeue.run({ owner, run }).changes === 0) throw new Refusal('run.missing', run)
      sql.answer.run({ owner, run, ask, allow, now })
      return null
    },
  }
}

function found<T>(row: T | undefined, refusal: () => Refusal): T {
  if (row === undefined) throw refusal()
  return row
}
