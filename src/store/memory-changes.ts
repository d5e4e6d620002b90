import type { Claimable } from '../core/ports.ts'
import { UNANSWERED, type Batch, type Changes } from './changes.ts'
import { forgetAttached, memoryArchiveChanges, memoryAttachmentChanges } from './memory-archive.ts'
import { memoryAskChanges } from './memory-asks.ts'
import { cancelBelow, memoryChildChanges, stop, under, upFromSession } from './memory-children.ts'
import { memoryKeptChanges } from './memory-kept.ts'
import { memoryMindChanges, purgeMind } from './memory-mind.ts'
import { answerOf, asked, newestBelow } from './memory-path.ts'
import { memoryWithdrawChanges } from './memory-withdraw.ts'
import { runRow, sessionRow, type Disk, type StoredRun, type StoredSession } from './memory-disk.ts'
import { Refusal } from './refusal.ts'
import { goesOn } from './goes-on.ts'
import { sameWish, wishOf } from './wish.ts'

/** Everything is looked at before anything is changed, so a refusal leaves no trace. */
export function memoryChanges(disk: Disk): Changes {
  return {
    ...memoryArchiveChanges(disk),
    ...memoryAskChanges(disk, (batch) => fenced(disk, batch), write),
    ...memoryAttachmentChanges(disk),
    ...memoryChildChanges(disk, {
      session: (a) => newSession(disk, a),
      queue: (
        session,
        { run: id, id: message, now, key, agent, backend, model, priority, temperature, plan, format },
      ) => {
        const wish = { agent, backend, model, priority, temperature, plan, format }
        return queue(disk, session, { id, message, ...wish, base: null, continues: 0, key }, now)
      },
    }),
    ...memoryKeptChanges(disk),
    ...memoryMindChanges(disk, (id) => touch(disk, disk.sessions.get(id)!)),
    ...memoryWithdrawChanges(disk),
    createSession(a) {
      checkProject(disk, a.owner, a.project)
      return sessionRow(disk, newSession(disk, a))
    },
    changeSession({ owner, id, change: { title, pinned, folder, archived, project, tip } }) {
      const session = sessionOf(disk, owner, id)
      checkProject(disk, owner, project)
      const leaf = tip === undefined ? undefined : newestBelow(disk, id, tip)
      if (title !== undefined) Object.assign(session, { title, named: 1 })
      session.pinned = pinned ?? session.pinned
      session.folder = folder === undefined ? session.folder : folder
      session.archived = archived ?? session.archived
      session.project = project === undefined ? session.project : project
      session.tip = leaf ?? session.tip
      touch(disk, session)
      return sessionRow(disk, session)
    },

    renameFolder({ owner, from, to }) {
      const all = [...disk.sessions.values()].filter((one) => one.owner === owner && one.folder === from)
      for (const session of all) session.folder = to
      const there = all.filter(({ removed }) => removed === null)
      for (const session of there) touch(disk, session)
      return there.length
    },

    removeSession({ owner, id, now }) {
      const session = sessionOf(disk, owner, id)
      const all = under(disk, id)
      const open = [...disk.open].filter((run) => all.has(run.session))
      for (const run of open) stop(run)
      for (const one of all) disk.sessions.get(one)!.removed = now
      touch(disk, session)
      return open.map((run) => run.id)
    },

    restoreSession({ owner, id, since }) {
      const session = disk.sessions.get(id)
      if (session?.owner !== owner || (session.removed !== null && session.removed < since))
        throw new Refusal('session.missing', id)
      for (const one of under(disk, id)) disk.sessions.get(one)!.removed = null
      touch(disk, session)
      return sessionRow(disk, session)
    },

    purge({ since }) {
      const gone = [...disk.sessions.values()].filter((s) => s.removed !== null && s.removed < since)
      const ids = new Set(gone.map((s) => s.id))
      const runs = [...ids].flatMap((id) => disk.runs.in('session', id))
      for (const run of runs) {
        disk.runs.delete(run.id)
        disk.open.delete(run)
      }
      disk.forget(new Set(runs.map((run) => run.id)))
      for (const id of ids) disk.allowances.delete(id)
      const said = [...ids].flatMap((id) => disk.messages.in('session', id)).map(({ id }) => id)
      for (const id of said) disk.messages.delete(id)
      forgetAttached(disk, said)
      for (const id of ids) disk.sessions.delete(id)
      const left = [...purgeMind(disk, since), ...[...disk.sessions.values()].flatMap(({ removed }) => removed ?? [])]
      return { runs: runs.map((run) => run.id), oldest: left.length === 0 ? null : Math.min(...left) }
    },

    submit({ owner, session: sessionId, id, run: runId, after, text, title, now, attachments = [], ...wanted }) {
      const { answer = true } = wanted
      const { agent, backend, model, priority, temperature = null, plan = 'never', format = null } = wanted
      const wish = { agent, backend, model, priority, temperature, plan, format }
      const session = sessionOf(disk, owner, sessionId)
      const known = disk.messages.get(id)
      if (known !== undefined) {
        const run = disk.runs.get(known.run)
        const same =
          known.owner === owner &&
          known.session === sessionId &&
          known.role === 'user' &&
          known.text === text &&
          (after === undefined || known.after === after) &&
          (disk.attached.get(id) ?? []).join() === attachments.join()
        if (!same || !run || !sameWish(run, wish)) throw new Refusal('message.conflict', id)
        return { message: asked(disk, run), run: runRow(run) }
      }
      if (typeof after === 'string' && disk.runs.get(after)?.session !== sessionId)
        throw new Refusal('run.missing', after)
      for (const file of attachments)
        if (disk.attachments.get(file)?.owner !== owner) throw new Refusal('attachment.missing', file)
      if (attachments.length > 0) disk.attached.set(id, attachments)
      disk.messages.set(id, {
        seq: disk.next(),
        id,
        owner,
        session: sessionId,
        run: runId,
        role: 'user',
        text,
        created: now,
        ...UNANSWERED,
        after: after === undefined ? session.tip : after,
      })
      const first = { base: null, continues: 0, key: null }
      const run = queue(disk, session, { id: runId, message: id, ...wish, ...first }, now)
      if (!answer) stop(run)
      if (session.title === '') session.title = title
      return { message: asked(disk, run), run: runRow(run) }
    },

    again({ owner, run: id, base: baseId, continues, key, now, ...wanted }) {
      const base = runOf(disk, owner, baseId)
      const wish = wishOf(base, wanted)
      const known =
        key === null ? undefined : [...disk.runs.values()].find((run) => run.owner === owner && run.key === key)
      if (known !== undefined) {
        if (known.base !== baseId || known.continues !== continues || !sameWish(known, wish))
          throw new Refusal('key.conflict', known.key!)
        return runRow(known)
      }
      if (continues === 1) {
        if (base.state !== 'ended') throw new Refusal('run.open', baseId)
        if (!goesOn(answerOf(disk, baseId))) throw new Refusal('run.empty', baseId)
      }
      const session = disk.sessions.get(base.session)!
      return runRow(queue(disk, session, { id, message: base.message, ...wish, base: baseId, continues, key }, now))
    },

    append(batch) {
      const run = fenced(disk, batch)
      if (run !== null) write(run, batch)
      return null
    },

    settle(ending) {
      const run = fenced(disk, ending)
      if (run === null) return []
      if (run.cancel === 1 && ending.reason !== 'cancelled') throw new Refusal('run.cancelled', ending.run)
      write(run, ending)
      run.state = 'ended'
      run.reason = ending.reason
      run.worker = null
      disk.open.delete(run)
      const { message: id, text, agent, model, reason, fault, finish, remote, recalled, did, now } = ending
      const { owner, session } = run
      disk.messages.set(id, {
        seq: disk.next(),
        id,
        owner,
        session,
        run: run.id,
        role: 'assistant',
        text,
        created: now,
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
      use(disk, disk.sessions.get(session)!, now)
      return cancelBelow(disk, run.id)
    },

    claim({ worker, now, until, which }) {
      const run = claimable(disk, now, which)
      if (run === null) {
        const leases = [...disk.open].filter((r) => r.state === 'running').map((r) => r.lease)
        return { run: null, next: leases.length === 0 ? null : Math.min(...leases) }
      }
      run.state = 'running'
      run.epoch += 1
      run.worker = worker
      run.lease = until
      touch(disk, disk.sessions.get(run.session)!)
      return { run: runRow(run), message: asked(disk, run) }
    },

    renew({ until, claims }) {
      return claims.map(({ run: id, epoch }) => {
        const run = disk.runs.get(id)
        if (run?.epoch !== epoch || run.state !== 'running') return 'lost'
        run.lease = until
        return run.cancel === 1 ? 'cancelled' : 'held'
      })
    },

    release({ run: id, epoch }) {
      const run = disk.runs.get(id)
      if (run?.epoch !== epoch || run.state !== 'running') return null
      run.state = 'queued'
      run.worker = null
      return null
    },

    cancel({ owner, run: id }) {
      const run = runOf(disk, owner, id)
      if (run.state !== 'ended') stop(run)
      return { run: runRow(run), below: cancelBelow(disk, id) }
    },
  }
}

function newSession(
  disk: Disk,
  { id, owner, title, named, project, now }: Parameters<Changes['createSession']>[0],
): StoredSession {
  const session: StoredSession = {
    id,
    owner,
    title,
    named,
    created: now,
    updated: now,
    used: disk.next(),
    tip: null,
    pinned: 0,
    folder: null,
    archived: 0,
    project,
    removed: null,
    changed: 0,
    parent: null,
  }
  disk.sessions.set(id, session)
  touch(disk, session)
  return session
}

function sessionOf(disk: Disk, owner: string, id: string): StoredSession {
  const session = disk.sessions.get(id)
  if (session?.owner !== owner || session.removed !== null) throw new Refusal('session.missing', id)
  return session
}

function checkProject(disk: Disk, owner: string, id: string | null | undefined): void {
  const project = typeof id === 'string' ? disk.projects.get(id) : null
  if (project === null) return
  if (project?.owner !== owner || project.removed !== null) throw new Refusal('project.missing', id!)
}

function runOf(disk: Disk, owner: string, id: string): StoredRun {
  const run = disk.runs.get(id)
  if (run?.owner !== owner || disk.sessions.get(run.session)?.removed !== null) throw new Refusal('run.missing', id)
  return run
}

function use(disk: Disk, session: StoredSession, now: number): void {
  session.updated = now
  session.used = disk.next()
  touch(disk, session)
}

/** Tells the feed. */
function touch(disk: Disk, session: StoredSession): void {
  disk.news++
  for (const id of upFromSession(disk, session.id)) disk.sessions.get(id)!.changed = disk.news
}

type Queued = Pick<
  StoredRun,
  | 'id'
  | 'message'
  | 'agent'
  | 'backend'
  | 'model'
  | 'priority'
  | 'temperature'
  | 'plan'
  | 'format'
  | 'base'
  | 'continues'
  | 'key'
>

function queue(disk: Disk, session: StoredSession, wanted: Queued, now: number): StoredRun {
  const run: StoredRun = {
    ...wanted,
    seq: disk.next(),
    owner: session.owner,
    session: session.id,
    created: now,
    state: 'queued',
    reason: null,
    head: 0,
    epoch: 0,
    cancel: 0,
    lease: 0,
    worker: null,
    chunks: [],
  }
  disk.runs.set(run.id, run)
  disk.open.add(run)
  session.tip = run.id
  use(disk, session, now)
  return run
}

/** A cancelled run needs no turn: nothing is left of it but to write its end. Versions of one answer take theirs side by side. */
function claimable(disk: Disk, now: number, which: Claimable): StoredRun | null {
  const busy = new Map<string, Set<string>>()
  for (const run of disk.open) {
    const free = run.state === 'queued' || (run.state === 'running' && run.lease <= now)
    const others = busy.get(run.session) ?? new Set()
    const waits = others.size > (others.has(run.message) ? 1 : 0)
    if (free && (run.cancel === 1 || (which === 'all' && !waits))) return run
    busy.set(run.session, others.add(run.message))
  }
  return null
}

/** The run that may be written to; null if this very batch is there already. */
function fenced(disk: Disk, { run: id, epoch, after, last, entries }: Batch): StoredRun | null {
  const run = disk.runs.get(id)
  if (run === undefined) throw new Refusal('log.lost', 'the run is gone')
  if (run.epoch !== epoch) throw new Refusal('log.lost', `epoch ${epoch} is over, ${run.epoch} writes now`)
  const there = run.chunks.findLast((chunk) => chunk.last === last)
  if (there?.first === after + 1 && there.epoch === epoch && there.entries === entries) return null
  if (run.state !== 'running') throw new Refusal('log.lost', `the run is ${run.state}`)
  if (run.head !== after) throw new Refusal('log.offset', `an append after ${after} meets the head ${run.head}`)
  return run
}

function write(run: StoredRun, { epoch, after, last, entries }: Batch): void {
  run.chunks.push({ first: after + 1, last, epoch, entries })
  run.head = last
}
