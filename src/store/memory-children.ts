import { UNANSWERED, type Changes } from './changes.ts'
import type { ChildChanges, ChildReads } from './child-rows.ts'
import type { Disk, StoredRun, StoredSession } from './memory-disk.ts'
import { runRow } from './memory-disk.ts'
import { Refusal } from './refusal.ts'

/** A session, and those that belong to its runs. */
export function under(disk: Disk, id: string): Set<string> {
  const found = new Set([id])
  // A session comes after the run that it belongs to.
  for (const session of disk.sessions.values()) {
    const parent = session.parent === null ? undefined : disk.runs.get(session.parent)
    if (parent !== undefined && found.has(parent.session)) found.add(session.id)
  }
  return found
}

/** From a session up to the one that a person sees, itself first. */
export function upFromSession(disk: Disk, id: string): string[] {
  const up = [id]
  for (let at = disk.sessions.get(id); at !== undefined && at.parent !== null;) {
    const parent = disk.runs.get(at.parent)
    if (parent === undefined) break
    up.push(parent.session)
    at = disk.sessions.get(parent.session)
  }
  return up
}

/** Stops what a run handed on, and what those did. Answers with the runs. */
export function cancelBelow(disk: Disk, run: string): string[] {
  const below = new Set<string>()
  for (const session of disk.sessions.values())
    if (session.parent === run) for (const id of under(disk, session.id)) below.add(id)
  return [...disk.open].flatMap((open) => (below.has(open.session) ? [stop(open)] : []))
}
export function stop(run: StoredRun): string {
  run.cancel = 1
  if (run.state === 'waiting') run.state = 'queued'
  return run.id
}

type Making = {
  session: (a: Parameters<Changes['createSession']>[0]) => StoredSession
  queue: (session: StoredSession, wanted: Parameters<ChildChanges['delegate']>[0]) => StoredRun
}

export function memoryChildChanges(disk: Disk, make: Making): ChildChanges {
  return {
    delegate(a) {
      const { owner, parent: parentId, key, session: id, deepest, most, title, now } = a
      const parent = disk.runs.get(parentId)
      if (parent?.owner !== owner || disk.sessions.get(parent.session)?.removed !== null)
        throw new Refusal('run.missing', parentId)
      const known = [...disk.runs.values()].find((run) => run.owner === owner && run.key === key)
      if (known !== undefined) return runRow(known)
      if (parent.state === 'ended' || parent.cancel === 1) throw new Refusal('child.late', parentId)
      if (upFromSession(disk, parent.session).length - 1 >= deepest) throw new Refusal('child.deep', String(deepest))
      const children = [...disk.sessions.values()].filter((one) => one.parent === parentId).length
      if (children >= most) throw new Refusal('child.many', String(most))
      const session = make.session({ id, owner, title, named: 0, project: null, now })
      session.parent = parentId
      const run = make.queue(session, a)
      disk.messages.set(a.id, {
        seq: disk.next(),
        id: a.id,
        owner,
        session: id,
        run: run.id,
        role: 'user',
        text: a.text,
        created: now,
        ...UNANSWERED,
        after: null,
      })
      return runRow(run)
    },
  }
}

export function memoryChildReads(disk: Disk): ChildReads {
  return { rootOf: (session) => upFromSession(disk, session).at(-1)! }
}
