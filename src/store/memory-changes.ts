import type { Claimable } from '../core/ports.ts'
import type { Batch, Changes, MessageRow } from './changes.ts'
import { runRow, sessionRow, type Disk, type StoredRun, type StoredSession } from './memory-disk.ts'
import { Refusal } from './refusal.ts'
import { sameWish } from './wish.ts'

/** Everything is looked at before anything is changed, so a refusal leaves no trace. */
export function memoryChanges(disk: Disk): Changes {
  return {
    createSession({ id, owner, title, named, now }) {
      const session = { id, owner, title, named, created: now, updated: now, used: disk.next() }
      disk.sessions.set(id, session)
      return sessionRow(disk, session)
    },

    renameSession({ owner, id, title }) {
      const session = sessionOf(disk, owner, id)
      session.title = title
      session.named = 1
      return sessionRow(disk, session)
    },

    removeSession({ owner, id }) {
      sessionOf(disk, owner, id)
      const runs = [...disk.runs.values()].filter((run) => run.session === id)
      for (const run of runs) {
        disk.runs.delete(run.id)
        disk.open.delete(run)
      }
      for (const message of disk.messages.values()) if (message.session === id) disk.messages.delete(message.id)
      disk.sessions.delete(id)
      return runs.map((run) => run.id)
    },

    submit({ owner, session: sessionId, id, run: runId, text, title, now, agent, backend, model, priority }) {
      const wish = { agent, backend, model, priority }
      const session = sessionOf(disk, owner, sessionId)
      const known = disk.messages.get(id)
      if (known !== undefined) {
        const run = disk.runs.get(known.run)
        const same =
          known.owner === owner && known.session === sessionId && known.role === 'user' && known.text === text
        if (!same || !run || !sameWish(run, wish)) throw new Refusal('message.conflict', id)
        return { message: known, run: runRow(run) }
      }
      const message = {
        seq: disk.next(),
        id,
        owner,
        session: sessionId,
        run: runId,
        role: 'user',
        text,
        created: now,
        agent: null,
        model: null,
        reason: null,
        fault: null,
      }
      const run: StoredRun = {
        seq: disk.next(),
        id: runId,
        owner,
        session: sessionId,
        message: id,
        state: 'queued',
        reason: null,
        head: 0,
        epoch: 0,
        cancel: 0,
        ...wish,
        created: now,
        lease: 0,
        worker: null,
        chunks: [],
      }
      disk.messages.set(id, message)
      disk.runs.set(runId, run)
      disk.open.add(run)
      use(disk, session, now)
      if (session.title === '') session.title = title
      return { message, run: runRow(run) }
    },

    append(batch) {
      const run = fenced(disk, batch)
      if (run !== null) write(run, batch)
      return null
    },

    settle(ending) {
      const run = fenced(disk, ending)
      if (run === null) return null
      if (run.cancel === 1 && ending.reason !== 'cancelled') throw new Refusal('run.cancelled', ending.run)
      write(run, ending)
      run.state = 'ended'
      run.reason = ending.reason
      run.worker = null
      disk.open.delete(run)
      const { message: id, text, agent, model, reason, fault, now } = ending
      const { owner, session } = run
      const answer: MessageRow = {
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
      }
      disk.messages.set(id, answer)
      use(disk, disk.sessions.get(session)!, now)
      return null
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
      return { run: runRow(run), message: disk.messages.get(run.message)! }
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
      if (run.state !== 'ended') run.cancel = 1
      if (run.state === 'waiting') run.state = 'queued'
      return runRow(run)
    },

    answer({ owner, run: id, ask, allow }) {
      const run = runOf(disk, owner, id)
      if (!disk.answers.has(ask)) disk.answers.set(ask, allow === 1)
      if (run.state === 'waiting') run.state = 'queued'
      return null
    },
  }
}

function sessionOf(disk: Disk, owner: string, id: string): StoredSession {
  const session = disk.sessions.get(id)
  if (session?.owner !== owner) throw new Refusal('session.missing', id)
  return session
}

function runOf(disk: Disk, owner: string, id: string): StoredRun {
  const run = disk.runs.get(id)
  if (run?.owner !== owner) throw new Refusal('run.missing', id)
  return run
}

function use(disk: Disk, session: StoredSession, now: number): void {
  session.updated = now
  session.used = disk.next()
}

/** A cancelled run needs no turn: nothing is left of it but to write its end. */
function claimable(disk: Disk, now: number, which: Claimable): StoredRun | null {
  const busy = new Set<string>()
  for (const run of disk.open) {
    const free = run.state === 'queued' || (run.state === 'running' && run.lease <= now)
    if (free && (run.cancel === 1 || (which === 'all' && !busy.has(run.session)))) return run
    busy.add(run.session)
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
