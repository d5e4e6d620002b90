import { randomBytes } from 'node:crypto'
import type { Clock, Say } from '../core/ports.ts'
import { Fault, fault } from '../wire/fault.ts'
import { PullId, type Pull } from '../wire/shelf.ts'
import type { Got } from './download.ts'
import type { Plan } from './pull-plan.ts'
import { readRecords, removeRecord, writeRecord, type PullRecord } from './pull-record.ts'
import type { PullTelling } from './pull-run.ts'
import { PullSpeed } from './pull-speed.ts'

export type QueueDeps = {
  /** Where the pulls are noted. */
  folder: string
  plan: (what: string) => Plan
  run: (plan: Plan, tell: PullTelling, signal: AbortSignal) => Promise<Got>
  clock: Clock
  say: Say
}
type Entry = { record: PullRecord; speed: PullSpeed; stop: AbortController; work: Promise<void> | null }

const AT_ONCE = 2
const REMEMBERED = 20
const NOTES = 20

export type PullQueue = Awaited<ReturnType<typeof openQueue>>

/** Models on their way. What was under way when the last process ended goes on. */
export async function openQueue({ folder, plan, run, clock, say }: QueueDeps) {
  const entries: Entry[] = []
  let closing = false
  // Writes of one record must not overtake each other.
  let writing: Promise<void> = Promise.resolve()

  const entryOf = (record: PullRecord): Entry => ({
    record,
    speed: new PullSpeed(() => clock.now()),
    stop: new AbortController(),
    work: null,
  })
  const active = ({ record }: Entry) => ['waiting', 'pulling', 'verifying'].includes(record.state)
  const note = (entry: Entry): Promise<void> => {
    writing = writing
      .then(() => writeRecord(folder, entry.record))
      .catch((cause: unknown) =>
        say({ level: 'warn', text: `The pull of ${entry.record.name} could not be noted`, cause }),
      )
    return writing
  }
  const remark = (entry: Entry, text: string) => {
    if (entry.record.notes.at(-1) === text) return
    entry.record.notes = [...entry.record.notes, text].slice(-NOTES)
  }

  async function work(entry: Entry): Promise<void> {
    const { record, speed, stop } = entry
    record.state = 'pulling'
    speed.begin(record.done)
    say({ level: 'info', text: `Getting model ${record.name} (${record.what})` })
    let begun = false
    let got: Got
    try {
      got = await run(
        plan(record.what),
        {
          source: (text) => (record.source = text),
          name: (name) => (record.name = name),
          note: (text) => (remark(entry, text), say({ level: 'warn', text: `Getting model ${record.name}: ${text}` })),
          verifying: (yes) => (record.state = yes ? 'verifying' : 'pulling'),
          progress: (done, total) => {
            // What was there already is no speed.
            if (begun) speed.saw(done)
            else speed.begin(done)
            begun = true
            record.done = done
            record.total = total
          },
        },
        stop.signal,
      )
    } catch (cause) {
      say({ level: 'error', text: `Getting model ${record.name} failed`, cause })
      got = {
        ok: false,
        why: cause instanceof Fault ? cause.message : 'something went wrong inside PKN; see divinenode.log',
      }
    }
    if (got.ok) {
      Object.assign(record, {
        state: 'done',
        done: got.bytes,
        total: got.bytes,
        fault: null,
      } satisfies Partial<PullRecord>)
      say({ level: 'info', text: `Model ${record.name} is there (${got.bytes} bytes, from ${record.source ?? '?'})` })
    } else if (stop.signal.aborted) {
      // Asked for by its user, or else only this process ends, and the next one goes on.
      if (!closing) record.state = 'cancelled'
    } else {
      record.state = 'failed'
      record.fault = got.full
        ? fault('disk.full', { path: folder })
        : fault('pull.failed', { name: record.name, why: got.why })
      remark(entry, got.why)
      say({ level: 'error', text: `Model ${record.name} could not be got: ${got.why}` })
    }
    await note(entry)
  }

  /** Begins as many as may be under way at once. */
  function next(): void {
    if (closing) return
    for (const entry of entries) {
      if (entries.filter((e) => e.work !== null).length >= AT_ONCE) return
      if (entry.work !== null || entry.record.state !== 'waiting') continue
      entry.work = work(entry).finally(() => {
        entry.work = null
        next()
      })
    }
  }

  async function forget(): Promise<void> {
    const ended = entries.filter((e) => !active(e))
    for (const entry of ended.slice(0, Math.max(0, ended.length - REMEMBERED))) {
      entries.splice(entries.indexOf(entry), 1)
      await removeRecord(folder, entry.record.id)
    }
  }

  const show = ({ record, speed }: Entry): Pull => ({
    ...record,
    ...(record.state === 'pulling' ? speed.of(record.total) : { bytesPerSecond: null, secondsLeft: null }),
  })

  for (const record of await readRecords(folder, say)) {
    const entry = entryOf(record)
    if (active(entry)) record.state = 'waiting'
    entries.push(entry)
  }
  next()

  return {
    list: (): Pull[] => entries.map(show).reverse(),

    /** The same thing again is the same pull: one that is under way stays as it is, one that has ended begins again. */
    async begin(what: string): Promise<Pull> {
      if (closing) throw new Fault('server.stopping')
      const { name, what: canonical } = plan(what)
      const before = entries.find((e) => e.record.what === canonical)
      if (before !== undefined && active(before)) return show(before)
      await before?.work
      if (before !== undefined) entries.splice(entries.indexOf(before), 1)
      const id = before?.record.id ?? PullId.parse(`pull_${randomBytes(12).toString('hex')}`)
      const entry = entryOf({
        id,
        what: canonical,
        name: before?.record.name ?? name,
        state: 'waiting',
        source: null,
        done: before?.record.state === 'done' ? 0 : (before?.record.done ?? 0),
        total: before?.record.total ?? null,
        notes: [],
        fault: null,
        created: new Date(clock.wall()).toISOString(),
      })
      entries.push(entry)
      await forget()
      await writeRecord(folder, entry.record)
      next()
      return show(entry)
    },

    /** Resolves once nothing of it is under way any more. */
    async cancel(id: PullId): Promise<Pull> {
      const entry = entries.find((e) => e.record.id === id)
      if (entry === undefined) throw new Fault('pull.missing')
      if (!active(entry)) return show(entry)
      entry.stop.abort()
      if (entry.work === null) {
        entry.record.state = 'cancelled'
        await note(entry)
      } else await entry.work
      return show(entry)
    },

    /** Whoever wants to know when something has changed its state waits for this, for as long as anything is under way. */
    settled: async (): Promise<void> => void (await Promise.all(entries.map((e) => e.work))),

    async close(): Promise<void> {
      closing = true
      for (const entry of entries) entry.stop.abort()
      await Promise.all(entries.map((e) => e.work))
      await writing
    },
  }
}
