import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { bad, ok, warn, type Finding } from './finding.ts'
import { amount } from './in-words.ts'

const LONG_MS = 15 * 60_000
const LARGE_WAL = 256e6
/** Keeps the damaged file, under another name. Not run without being asked for: the server must stand still. */
const RECOVER = './pkn doctor recover'

/** Whether what was written can be read, and whether runs are stuck in it. Reads only, also while the server writes. */
export function checkDatabase(home: string, running: boolean, now = Date.now()): Finding[] {
  const path = join(home, 'pkn.db')
  if (!existsSync(path)) return [ok('database', 'none yet; it is made with the first start')]
  const size = statSync(path).size
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    const complaints = db
      .prepare('PRAGMA quick_check(3)')
      .all()
      .map((row) => String(row['quick_check']))
    if (complaints.join() !== 'ok') return [bad('database', `it is damaged: ${complaints.join('; ')}`, RECOVER)]
    const version = Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
    const wal = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    const about = `whole, schema ${version}, ${amount(size)} and ${amount(wal)} in its journal`
    return [
      wal > LARGE_WAL
        ? warn('database', `${about}: the journal could not be folded in for long`, './pkn restart divinenode', true)
        : ok('database', about),
      ...(version > 0 ? stuckRuns(db, running, now) : []),
    ]
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause
    return [bad('database', `it cannot be read: ${cause.message}`, RECOVER)]
  } finally {
    db?.close()
  }
}

type Open = { id: string; state: string; lease: number; created: number; entries: string | null }

function stuckRuns(db: DatabaseSync, running: boolean, now: number): Finding[] {
  const open = db
    .prepare(
      `SELECT id, state, lease, created, (SELECT entries FROM chunks WHERE run = runs.id ORDER BY last DESC LIMIT 1) AS entries
       FROM runs WHERE state IN ('queued', 'running') ORDER BY seq`,
    )
    .all() as Open[] // the columns that were asked for
  const orphans = open.filter((run) => run.state === 'running' && run.lease < now)
  const waiting = open.filter((run) => run.state === 'queued' && now - run.created > LONG_MS)
  const silent = open.filter((run) => run.state === 'running' && run.lease >= now && now - lastWord(run) > LONG_MS)
  const findings: Finding[] = []
  const some = (runs: Open[]) =>
    `${runs.length} run${runs.length === 1 ? '' : 's'} (${runs[0]?.id ?? ''}${runs.length > 1 ? ', ...' : ''})`
  if (orphans.length > 0)
    findings.push(
      running
        ? bad('runs', `${some(orphans)} belong to nobody, and were not taken up`, './pkn restart divinenode', true)
        : warn('runs', `${some(orphans)} were cut off; they go on with the next start`, './pkn start', true),
    )
  if (waiting.length > 0)
    findings.push(
      running
        ? warn('runs', `${some(waiting)} wait for longer than 15 minutes; see whether a model is there`, './pkn models')
        : warn('runs', `${some(waiting)} wait for the server`, './pkn start', true),
    )
  for (const run of silent)
    findings.push(
      warn(
        'runs',
        `${run.id} has not said a word for ${Math.round((now - lastWord(run)) / 60_000)} minutes; cancel it, or look at the log`,
        './pkn logs',
      ),
    )
  if (findings.length > 0) return findings
  const { asking } = db.prepare(`SELECT count(*) AS asking FROM runs WHERE state = 'waiting'`).get() as {
    asking: number // the column that was asked for
  }
  const stand = [
    ...(open.length === 0 ? [] : [`${open.length} open, none stuck`]),
    ...(asking === 0 ? [] : [`${asking} wait${asking === 1 ? 's' : ''} for your answer`]),
  ]
  return [ok('runs', stand.join(', ') || 'none is open')]
}

/** Entries tell their time from the beginning of the run, which is a little later than `created`. */
function lastWord({ created, entries }: Open): number {
  if (entries === null) return created
  const list = JSON.parse(entries) as { t?: number }[] // written by the store
  return created + (list.at(-1)?.t ?? 0)
}

/** When the newest run was made, by the clock of then. */
export function newestIn(home: string): number | null {
  const path = join(home, 'pkn.db')
  if (!existsSync(path)) return null
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    const newest = db.prepare('SELECT max(created) AS newest FROM runs').get()?.['newest']
    return typeof newest === 'number' ? newest : null
  } catch {
    return null // the check of the database tells
  } finally {
    db?.close()
  }
}
