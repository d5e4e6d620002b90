import type { Reads } from './changes.ts'
import { runRow, sessionRow, type Disk } from './memory-disk.ts'

export function memoryReads(disk: Disk): Reads {
  return {
    session(owner, id) {
      const session = disk.sessions.get(id)
      return session?.owner === owner ? sessionRow(disk, session) : null
    },
    sessions(owner, before, limit) {
      return [...disk.sessions.values()]
        .filter((s) => s.owner === owner && s.used < before)
        .sort((a, b) => b.used - a.used)
        .slice(0, limit)
        .map((s) => sessionRow(disk, s))
    },
    messages(owner, session, before, limit) {
      return [...disk.messages.values()]
        .filter((m) => m.owner === owner && m.session === session && m.seq < before)
        .sort((a, b) => b.seq - a.seq)
        .slice(0, limit)
    },
    run(owner, id) {
      const run = disk.runs.get(id)
      return run?.owner === owner ? runRow(run) : null
    },
    log(id) {
      const run = disk.runs.get(id)
      return run === undefined ? null : { head: run.head, ended: run.state === 'ended' }
    },
    chunks(id, after, chars) {
      const all = disk.runs.get(id)?.chunks ?? []
      const rows = []
      let left = chars
      for (let i = all.findIndex((c) => c.last > after); i !== -1 && i < all.length && left > 0; i++) {
        rows.push(all[i]!)
        left -= all[i]!.entries.length
      }
      return rows
    },
    counts() {
      const open = [...disk.open]
      const queued = open.filter((run) => run.state === 'queued').length
      return { active: open.length - queued, queued }
    },
  }
}
