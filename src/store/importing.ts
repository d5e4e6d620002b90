import type { OwnerId, SessionId } from '../wire/id.ts'
import { fromArchive, type ImportedWhole } from './archive.ts'
import type { ArgsOf, ChangeName, ResultOf, SessionRow } from './changes.ts'

type Write = <K extends ChangeName>(kind: K, args: ArgsOf<K>) => Promise<ResultOf<K>>

/**
 * Store.importSession, in parts, between which others have their turn. Nobody sees it before it is whole; what is left of one that could
 * not be written is deleted with what was removed.
 */
export async function importWhole(
  write: Write,
  { owner, id, now, whole }: { owner: OwnerId; id: SessionId; now: number; whole: ImportedWhole },
): Promise<SessionRow> {
  const { session, parts } = fromArchive(...whole)
  const first = write('importSession', { owner, now, session: { ...session, id } })
  // A short one is asked for in one turn, so it is one transaction.
  let asked: Promise<unknown>[] = [first]
  let messages = 0
  for (const part of parts) {
    if (messages > 0) {
      await Promise.all(asked)
      asked = []
    }
    asked.push(write('importPart', { owner, session: id, ...part }))
    messages += part.messages.length
  }
  const [row] = await Promise.all([write('importEnd', { owner, session: id, messages }), ...asked])
  return row
}
