import type { DatabaseSync } from 'node:sqlite'
import {
  UNANSWERED,
  type Batch,
  type Changes,
  type Ending,
  type MessageRow,
  type PathRow,
  type RunRow,
  type SessionRow,
} from './changes.ts'
import { toPathRow } from './path-row.ts'
import { prepareAll } from './prepare.ts'
import { archiveChanges } from './sqlite-archive.ts'
import { askChanges } from './sqlite-asks.ts'
import { attachmentChanges, bringing } from './sqlite-attachments.ts'
import { childChanges } from './sqlite-children.ts'
import { keptChanges } from './sqlite-kept.ts'
import { mindChanges } from './sqlite-mind.ts'
import { withdrawChanges } from './sqlite-withdraw.ts'
import { Refusal } from './refusal.ts'
import { goesOn } from './goes-on.ts'
import { sameWish, wishOf } from './wish.ts'
import { CHANGES } from './statements.ts'

/** Each runs inside a savepoint, so it may throw half-way. `keeper`: whether this process holds the lock file. */
export function sqliteChanges(db: DatabaseSync, keeper: () => boolean): Changes {
  const sql = prepareAll(db, CHANGES)
  const files = bringing(db)

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

  function end({ run, message, text, agent, model, reason, fault, finish, remote, recalled, did, now }: Ending): void {
    const { owner, session } = sql.endRun.get({ run, reason }) as { owner: string; session: string }
    sql.addMessage.run({
      id: message,
      owner,
      session,
      run,
      role: 'assistant',
      text,
      now,
      agent,
      model,
      reason,
      fault,
      finish,
      remote,
      recalled,
      did,
      after: null,
    })
    sql.useSession.run({ owner, session, now, title: '' })
    touch(session)
  }

  /** Tells the feed. */
  function touch(session: string): void {
    sql.nextNews.run()
    sql.touch.run({ session })
  }

  const cancelBelow = (run: string): string[] => (sql.cancelBelow.all({ run }) as { id: string }[]).map(({ id }) => id)
  const asked = (run: string): PathRow => toPathRow(sql.asked.get(run)!)
  const sessionOf = (owner: string, id: string): SessionRow =>
    found(sql.session.get({ owner, id }) as SessionRow | undefined, () => new Refusal('session.missing', id))

  function checkProject(owner: string, project: string | null | undefined): void {
    if (typeof project === 'string' && sql.isProject.get({ project, owner }) === undefined)
      throw new Refusal('project.missing', project)
  }

  return {
    ...archiveChanges(db),
    ...askChanges(db, append),
    ...attachmentChanges(db),
    ...childChanges(db),
    ...keptChanges(db),
    ...mindChanges(db),
    ...withdrawChanges(db),
    createSession(a) {
      checkProject(a.owner, a.project)
      const session = sql.addSession.get(a) as SessionRow
      touch(a.id)
      return session
    },
    changeSession({ owner, id, change: { title, pinned, folder, archived, project, tip } }) {
      const now = sessionOf(owner, id)
      checkProject(owner, project)
      const leaf = tip === undefined ? undefined : (sql.newestBelow.get({ run: tip, session: id }) as { id: string })
      if (tip !== undefined && leaf === undefined) throw new Refusal('run.missing', tip)
      touch(id)
      return sql.changeSession.get({
        id,
        title: title ?? now.title,
        named: title === undefined ? now.named : 1,
        pinned: pinned ?? now.pinned,
        folder: folder === undefined ? now.folder : folder,
        archived: archived ?? now.archived,
        project: project === undefined ? now.project : project,
        tip: leaf?.id ?? now.tip,
      }) as SessionRow
    },
    renameFolder({ owner, from, to }) {
      const all = sql.inFolder.all({ owner, folder: from }) as { id: string; removed: number | null }[]
      sql.renameFolder.run({ owner, from, to })
      const there = all.filter(({ removed }) => removed === null)
      for (const { id } of there) touch(id)
      return there.length
    },
    removeSession({ owner, id, now }) {
      if (sql.removeSession.run({ owner, id, now }).changes === 0) throw new Refusal('session.missing', id)
      sql.removeUnder.run({ id, now })
      const runs = sql.stopRuns.all({ id }) as { id: string }[]
      touch(id)
      return runs.map((run) => run.id)
    },
    restoreSession({ owner, id, since }) {
      const row = sql.restoreSession.get({ owner, id, since }) as SessionRow | undefined
      const session = found(row, () => new Refusal('session.missing', id))
      sql.restoreUnder.run({ id })
      touch(id)
      return session
    },
    purge({ since }) {
      const runs = sql.runsToPurge.all({ since }) as { id: string }[]
      sql.purge.run({ since })
      sql.purgeProjects.run({ since })
      sql.purgeMemories.run({ since })
      return { runs: runs.map((run) => run.id), oldest: (sql.oldestRemoved.get() as { oldest: number | null }).oldest }
    },
    submit({ owner, session, id, run, after, text, title, now, attachments = [], answer = true, ...wanted }) {
      const { agent, backend, model, priority, temperature = null, plan = 'never', format = null } = wanted
      const wish = { agent, backend, model, priority, temperature, plan, format }
      const { tip } = sessionOf(owner, session)
      const message = sql.message.get(id) as MessageRow | undefined
      if (message !== undefined) {
        const known = sql.run.get(message.run) as RunRow
        const same =
          message.owner === owner &&
          message.session === session &&
          message.role === 'user' &&
          message.text === text &&
          (after === undefined || message.after === after) &&
          files.isSame(id, attachments)
        if (!same || !sameWish(known, wish)) throw new Refusal('message.conflict', id)
        return { message: asked(known.id), run: known }
      }
      const follows = after === undefined ? tip : after
      if (typeof after === 'string' && (sql.run.get(after) as RunRow | undefined)?.session !== session)
        throw new Refusal('run.missing', after)
      files.check(owner, attachments)
      sql.useSession.run({ owner, session, now, title })
      sql.moveTip.run({ run, session })
      const first = { base: null, continues: 0, key: null }
      const queued = sql.addRun.get({ run, owner, session, id, now, ...wish, ...first }) as RunRow
      if (!answer) sql.cancel.get({ owner, run })
      sql.addMessage.run({ id, owner, session, run, role: 'user', text, now, ...UNANSWERED, after: follows })
      files.note(id, attachments)
      touch(session)
      return { message: asked(run), run: queued }
    },
    again({ owner, run, base: baseId, continues, key, now, ...wanted }) {
      const row = sql.ownRun.get({ owner, run: baseId }) as RunRow | undefined
      const base = found(row, () => new Refusal('run.missing', baseId))
      const wish = wishOf(base, wanted)
      const known = key === null ? undefined : (sql.keyed.get({ owner, key }) as RunRow | undefined)
      if (known !== undefined) {
        if (known.base !== baseId || known.continues !== continues || !sameWish(known, wish))
          throw new Refusal('key.conflict', known.key!)
        return known
      }
      if (continues === 1) {
        if (base.state !== 'ended') throw new Refusal('run.open', baseId)
        if (!goesOn(sql.answered.get(baseId) as { text: string; fault: string | null } | undefined))
          throw new Refusal('run.empty', baseId)
      }
      const { session, message: id } = base
      sql.useSession.run({ owner, session, now, title: '' })
      sql.moveTip.run({ run, session })
      touch(session)
      return sql.addRun.get({ run, owner, session, id, now, ...wish, base: baseId, continues, key }) as RunRow
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
      return cancelBelow(ending.run)
    },
    claim({ worker, now, until, which }) {
      const run = sql.claim.get({ worker, now, until, which, keeper: keeper() ? 1 : 0 }) as RunRow | undefined
      if (run === undefined) return { run: null, next: (sql.nextLease.get() as { next: number | null }).next }
      touch(run.session)
      return { run, message: asked(run.id) }
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
      const row = sql.cancel.get({ owner, run }) as RunRow | undefined
      return { run: found(row, () => new Refusal('run.missing', run)), below: cancelBelow(run) }
    },
  }
}

function found<T>(row: T | undefined, refusal: () => Refusal): T {
  if (row === undefined) throw refusal()
  return row
}
