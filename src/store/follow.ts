import type { Entry } from '../wire/event.ts'
import { Fault } from '../wire/fault.ts'
import { offset, type Offset, type RunId } from '../wire/id.ts'
import { Waiter, type Bell } from './bell.ts'
import type { Reads } from './changes.ts'
import { toEntries } from './rows.ts'
import type { Tails } from './tail.ts'

/** How much a reader who is behind takes at a time: parsing it must not be felt by the others. */
const CHARS = 128 * 1024

/** `closing` is the store's own end, which rings for everybody. */
export type LogSource = { reads: Reads; tails: Tails; bell: Bell; closing: AbortSignal }

/** RunLog.read. Ends quietly when the signal aborts; throws run.missing if the log was never there. */
export async function* follow(
  { reads, tails, bell, closing }: LogSource,
  run: RunId,
  after: Offset,
  signal: AbortSignal,
): AsyncGenerator<readonly Entry[], void> {
  if (signal.aborted) return
  const waiter = new Waiter()
  // Listen before reading: an append between the two would be missed.
  const quiet = bell.listen(run, waiter.ring)
  signal.addEventListener('abort', waiter.ring)
  let at: number = after
  let t: number | null = null
  try {
    while (!signal.aborted && !closing.aborted) {
      waiter.arm()
      const next = tails.after(run, at) ?? fromLedger(reads, run, at)
      if (next === 'gone') {
        if (t === null) throw new Fault('run.missing', { run })
        yield [{ at: offset(at + 1), t, event: { type: 'run.end', reason: 'cancelled' } }]
        return
      }
      if (next === 'end') return
      t ??= 0
      if (next === 'tip') {
        await waiter.rung()
        continue
      }
      yield next
      const last = next.at(-1)!
      if (last.event.type === 'run.end') return
      ;({ at, t } = last)
    }
  } finally {
    quiet()
    signal.removeEventListener('abort', waiter.ring)
  }
}

/** RunLog.page. */
export function pageOf(reads: Reads, run: RunId, after: Offset, limit: number): Entry[] {
  const entries: Entry[] = []
  while (entries.length < limit) {
    const more = fromLedger(reads, run, entries.at(-1)?.at ?? after)
    if (more === 'gone') throw new Fault('run.missing', { run })
    if (typeof more === 'string') break
    // Not by spreading: a batch may be longer than a call's arguments may be.
    for (const entry of more.slice(0, limit - entries.length)) entries.push(entry)
  }
  return entries
}

function fromLedger(reads: Reads, run: RunId, after: number): readonly Entry[] | 'tip' | 'end' | 'gone' {
  // The state first: an end that is written between the two reads is then seen by neither or by both.
  const log = reads.log(run)
  if (log === null) return 'gone'
  const chunks = after < log.head ? reads.chunks(run, after, CHARS) : []
  if (chunks.length === 0) return log.ended ? 'end' : 'tip'
  const entries: Entry[] = []
  let at = after
  for (const chunk of chunks) {
    if (chunk.first > at + 1) throw new Fault('store.failed', { what: `the log of ${run} lacks ${offset(at + 1)}` })
    for (const entry of toEntries(run, chunk)) if (entry.at > at) entries.push(entry)
    at = chunk.last
  }
  return entries
}
