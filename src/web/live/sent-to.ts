import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { RunId } from '../../wire/id.ts'
import { START } from '../../wire/id.ts'
import { hear, NOTHING_HEARD } from '../state/run-view.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

/** The hosts that a run of an earlier visit sent words to. Messages don't tell, their logs do: they are read one after the other. */
export type SentTo = (run: RunId) => Cell<readonly string[]>

const PAGE = 2000

export function sentToOf({ client, reach, own }: { client: Client; reach: Reach; own: Own }): SentTo {
  const known = new Map<RunId, Cell<readonly string[]>>()
  let tail = Promise.resolve()
  const read = async (run: RunId, hosts: Cell<readonly string[]>): Promise<void> => {
    let heard = NOTHING_HEARD
    try {
      for (let head = START; ;) {
        const after = heard.draft.at
        const query = { after, limit: PAGE }
        const page = await reach.surely(() => client.call('runsFollow', { params: { run }, query }))
        heard = page.entries.reduce(hear, heard)
        head = page.head
        if (page.entries.length === 0 || heard.draft.at >= head) break
      }
      if (heard.story.remotes.length > 0) hosts.set(heard.story.remotes)
    } catch (error) {
      // A log that is gone tells nothing.
      if (!(error instanceof Refusal)) throw error
    }
  }
  return (run) => {
    const there = known.get(run)
    if (there !== undefined) return there
    const hosts = cell<readonly string[]>([])
    known.set(run, hosts)
    tail = tail.then(() => read(run, hosts))
    own(tail)
    return hosts
  }
}
