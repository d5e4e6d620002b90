import { randomBytes } from 'node:crypto'
import type { Clock, Say } from '../core/ports.ts'
import { Fault, fault } from '../wire/fault.ts'
import { PullId, type Pull } from '../wire/shelf.ts'
import { diskRefusal, writing as writingTo } from './disk-fault.ts'
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
  /** Whether what was under way goes on by itself; else it goes on when it is asked for again. */
  resume: boolean
  clock: Clock
  say: Say
}
type Entry = {
  record: PullRecord
  speed: PullSpeed
  stop: AbortController
  work: Promise<void> | null
  /** Left by another process, and not to go on in this one. */
  held: boolean
  /** Resolves once it is on the disk that there is this pull. */
  noted: Promise<void>
}

const AT_ONCE = 2
const REMEMBERED = 20
const NOTES = 20
/** On their way at a time. */
const MOST = 100
/** Characters of a note: some of them are the words of a server. */
const LONGEST = 500

/** Models on their way. What was under way when the last process ended goes on. */
export async function openQueue({ folder, plan, run, resume, clock, say }: QueueDeps) {
  const entries: Entry[] = []
  let closing = false
  // Writes of one record must not overtake each other.
  let writing: Promise<void> = Promise.resolve()

  const entryOf = (record: PullRecord): Entry => ({
    record,
    speed: new PullSpeed(() => clock.now()),
    stop: new AbortController(),
    work: null,
    held: false,
    noted: Promise.resolve(),
  })
  const active = ({ record }: Entry) => ['waiting', 'pulling', 'verifying'].includes(record.state)
  const write = (record: PullRecord): Promise<void> => {
    const written = writing.then(() => writeRecord(folder, record))
    writing = written.catch(() => undefined)
    return written
  }
  const note = (record: PullRecord): Promise<void> =>
    write(record).catch((cause: unknown) =>
      say({ level: 'warn', text: `The pull of ${record.name} could not be noted`, cause }),
    )
  const drop = (entry: Entry) => {
    const at = entries.indexOf(entry)
    if (at !== -1) entries.splice(at, 1)
  }

  async function work(entry: Entry): Promise<void> {
    const { record, speed, stop } = entry
    record.state = 'pulling'
    speed.begin(record.done)
    say({ level: 'info', text: `Getting model ${record.name}` })
    let begun = false
    let got: Got
    try {
      got = await run(
        plan(record.what),
        {
          source: (text) => (record.source = text),
          name: (name) => (record.name = name),
          note: (said) => {
            const text = plain(said)
            if (record.notes.at(-1) === text) return
            record.notes = [...record.notes, text].slice(-NOTES)
            say({ level: 'warn', text: `Getting model ${record.name}: ${text}` })
          },
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
        full: diskRefusal(cause instanceof Fault ? cause.cause : cause) === 'full',
      }
    }
    // Shown as ended only once that is on the disk.
    const after = { ...record, ...outcome(record, got, stop.signal.aborted) }
    await note(after)
    Object.assign(record, after)
  }

  /** What a pull has come to. */
  function outcome(record: PullRecord, got: Got, stopped: boolean): Partial<PullRecord> {
    const { name, source, notes } = record
    if (got.ok) {
      say({ level: 'info', text: `Model ${name} is there (${got.bytes} bytes, from ${source ?? '?'})` })
      return { state: 'done', done: got.bytes, total: got.bytes, fault: null }
    }
    // Asked for by its user, or else only this process ends, and the next one goes on.
    if (stopped) return closing ? {} : { state: 'cancelled' }
    const why = plain(got.why)
    say({ level: 'error', text: `Model ${name} could not be got: ${why}` })
    return {
      state: 'failed',
      notes: [...notes, why].slice(-NOTES),
      fault: got.full
        ? fault('disk.full', { path: folder })
        : // A file of this machine does not arrive bit by bit: the same again would fail again.
          /^~?\/|^[a-z]:\\/i.test(record.what)
          ? fault('pull.invalid', { what: record.what, why })
          : fault('pull.failed', { name, why }),
    }
  }

  /** Begins as many as may be under way at once. */
  function next(): void {
    if (closing) return
    for (const entry of entries) {
      if (entries.filter((e) => e.work !== null).length >= AT_ONCE) return
      if (entry.work !== null || entry.held || entry.record.state !== 'waiting') continue
      entry.work = work(entry).finally(() => {
        entry.work = null
        next()
      })
    }
  }

  /** A new pull, or one that had ended from its beginning; what had arrived of it is still there. */
  function again({ what, name }: Plan, before: Entry | undefined): Entry {
    if (before !== undefined) drop(before)
    const entry = entryOf({
      id: before?.record.id ?? PullId.parse(`pull_${randomBytes(12).toString('hex')}`),
      what,
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
    entry.noted = writingTo(folder, async () => {
      await forget()
      await write(entry.record)
    }).catch((cause: unknown) => {
      drop(entry)
      throw cause
    })
    return entry
  }

  async function forget(): Promise<void> {
    const ended = entries.filter((e) => !active(e))
    const old = ended.slice(0, Math.max(0, ended.length - REMEMBERED))
    // All at once: two who forget at the same time must not have the same ones in hand.
    for (const entry of old) drop(entry)
    for (const entry of old) await removeRecord(folder, entry.record.id)
  }

  const find = (id: PullId): Entry => {
    const entry = entries.find((e) => e.record.id === id)
    if (entry === undefined) throw new Fault('pull.missing')
    return entry
  }
  const show = ({ record, speed }: Entry): Pull => ({
    ...record,
    ...(record.state === 'pulling' ? speed.of(record.total) : { bytesPerSecond: null, secondsLeft: null }),
  })

  for (const record of await readRecords(folder, say)) {
    const entry = entryOf(record)
    if (active(entry)) {
      record.state = 'waiting'
      entry.held = !resume
    }
    entries.push(entry)
  }
  next()

  return {
    list: (): Pull[] => entries.map(show).toReversed(),

    /** The same thing again is the same pull: one that is under way stays as it is, one that has ended begins again. */
    async begin(what: string): Promise<Pull> {
      if (closing) throw new Fault('server.stopping')
      const asked = plan(what)
      let before = entries.find((e) => e.record.what === asked.what)
      // One that has ended, or is about to since it was cancelled, may still be at its last write.
      while (before?.work != null && (!active(before) || before.stop.signal.aborted)) {
        await before.work
        before = entries.find((e) => e.record.what === asked.what)
      }
      const goesOn = before !== undefined && active(before)
      if (!goesOn && entries.filter(active).length >= MOST)
        throw new Fault('pull.invalid', { what: asked.what, why: `${MOST} models are on their way already` })
      const entry = before !== undefined && goesOn ? before : again(asked, before)
      entry.held = false
      await entry.noted
      next()
      return show(entry)
    },

    /** Resolves once nothing of it is under way any more. */
    async forget(id: PullId): Promise<void> {
      const { record } = find(id)
      await this.cancel(id)
      const entry = entries.find((e) => e.record === record)
      // Begun again meanwhile.
      if (entry === undefined || active(entry)) return
      await entry.work
      drop(entry)
      await removeRecord(folder, id)
    },

    async cancel(id: PullId): Promise<Pull> {
      const entry = find(id)
      if (!active(entry)) return show(entry)
      entry.stop.abort()
      if (entry.work === null) {
        entry.record.state = 'cancelled'
        await note(entry.record)
      } else await entry.work
      return show(entry)
    },

    async close(): Promise<void> {
      closing = true
      for (const entry of entries) entry.stop.abort()
      await Promise.all(entries.flatMap((e) => e.work ?? []))
      await writing
    },
  }
}

/** Without what could steer a terminal or turn a line around. */
const plain = (text: string): string => {
  // oxlint-disable-next-line no-control-regex -- they are what is taken out
  const clean = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}…` : clean
}
