import type { PageOf, Store } from '../core/ports.ts'
import { Fault } from '../wire/fault.ts'
import type { OwnerId, SessionId } from '../wire/id.ts'
import type { Message } from '../wire/message.ts'
import type { PathRow, Reads } from './changes.ts'
import { badCursor, fromCursor, pageFrom } from './cursor.ts'
import { toMessage } from './rows.ts'

/** Store.messages. The cursor is a message's place in its session: what is above it is the same on every path through it. */
export function pathPage(
  reads: Reads,
  owner: OwnerId,
  id: SessionId,
  page: Parameters<Store['messages']>[2],
): PageOf<Message> {
  const session = reads.session(owner, id)
  if (session === null) throw new Fault('session.missing', { session: id })
  const rows = from(reads, owner, session, page)
  const newestFirst = pageFrom(rows, page.limit, (row) => row.seq, toMessage)
  return { rows: newestFirst.rows.toReversed(), next: newestFirst.next }
}

function from(
  reads: Reads,
  owner: OwnerId,
  session: { id: string; tip: string | null },
  { run, before, limit }: Parameters<Store['messages']>[2],
): PathRow[] {
  if (before !== undefined) {
    const at = reads.message(owner, session.id, fromCursor(before))
    if (at === null) throw badCursor()
    if (at.role === 'assistant') return reads.path(at.run, 'question', limit + 1)
    return at.after === null ? [] : reads.path(at.after, 'answer', limit + 1)
  }
  if (run !== undefined && reads.run(owner, run)?.session !== session.id) throw new Fault('run.missing', { run })
  const tip = run ?? session.tip
  return tip === null ? [] : reads.path(tip, 'answer', limit + 1)
}
