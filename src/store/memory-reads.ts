import type { Reads } from './changes.ts'
import { memoryArchiveReads, memoryAttachmentReads } from './memory-archive.ts'
import { memoryAskReads } from './memory-asks.ts'
import { memoryChildReads } from './memory-children.ts'
import { memoryKeptReads } from './memory-kept.ts'
import { memoryMindReads } from './memory-mind.ts'
import { upFrom } from './memory-path.ts'
import { memorySearch } from './memory-search.ts'
import { runRow, sessionRow, type Disk } from './memory-disk.ts'

export function memoryReads(disk: Disk): Reads {
  return {
    ...memoryArchiveReads(disk),
    ...memoryAskReads(disk),
    ...memoryAttachmentReads(disk),
    ...memoryChildReads(disk),
    ...memoryKeptReads(disk),
    ...memoryMindReads(disk),
    ...memorySearch(disk),
    session(owner, id) {
      const session = disk.sessions.get(id)
      return session?.owner === owner && session.removed === null ? sessionRow(disk, session) : null
    },
    sessions(owner, { show, folder, project }, before, limit) {
      return [...disk.sessions.values()]
        .filter((s) => s.owner === owner && s.used < before && s.removed === null && s.parent === null)
        .filter((s) => show === 'all' || (s.archived === 1) === (show === 'archived'))
        .filter((s) => (show !== 'pinned' || s.pinned === 1) && (folder === null || (s.folder ?? '') === folder))
        .sort((a, b) => b.used - a.used)
        .map((s) => sessionRow(disk, s))
        .filter((s) => project === null || (s.project ?? '') === project)
        .slice(0, limit)
    },
    folders(owner, limit) {
      const used = [...disk.sessions.values()]
        .filter((s) => s.owner === owner && s.folder !== null && s.archived === 0 && s.removed === null)
        .sort((a, b) => b.used - a.used)
      const folders = Map.groupBy(used, (s) => s.folder!)
      return Array.from(folders, ([name, { length }]) => ({ name, sessions: length })).slice(0, limit)
    },
    message(owner, session, seq) {
      const at = [...disk.messages.values()].find((m) => m.seq === seq)
      return at?.owner === owner && at.session === session ? at : null
    },
    path: (run, from, limit) => [...upFrom(disk, run, from).take(limit)],
    run(owner, id) {
      const run = disk.runs.get(id)
      return run?.owner === owner && disk.sessions.get(run.session)?.removed === null ? runRow(run) : null
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
    newest: () => disk.news,
    news(owner, after, limit) {
      return [...disk.sessions.values()]
        .filter((s) => s.owner === owner && s.changed > after && s.parent === null)
        .sort((a, b) => a.changed - b.changed)
        .slice(0, limit)
        .map((s) => ({ at: s.changed, session: s.id, removed: s.removed !== null }))
    },
  }
}
