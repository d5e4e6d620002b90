import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { AskId, RunId } from '../../wire/id.ts'
import type { Answer, OpenAsk } from '../../wire/tool.ts'
import { cell, type Cell } from './cell.ts'
import type { Own } from './own.ts'
import type { Reach } from './reach.ts'

/** What a person has said to a question, on its way to the server. */
export type Given = {
  ask: AskId
  run: RunId
  answer: Answer
  state: 'sending' | 'waiting' | 'refused' | 'there'
  fault: FaultData | null
}
export type Asks = {
  /** All that wait for a person, in any chat, newest first. */
  open: Cell<readonly OpenAsk[]>
  /** When that list was asked for (milliseconds since 1970), and whether all that wait are in it. */
  listed: Cell<{ asked: number; whole: boolean }>
  /** What was said to them in this page, and is not in their runs' logs yet. */
  given: Cell<ReadonlyMap<AskId, Given>>
  /** Reads the list again; what is asked for while it is being read is read once more after that. */
  look: () => void
}

/** Where answers wait for a server that is away. */
export const ANSWERS = 'pkn.answers'
/** Where the browser keeps what was typed into cards. */
export const ASK_DRAFTS = 'pkn.asks'
const MOST = 200

export function asksOf({ client, reach, own }: { client: Client; reach: Reach; own: Own }): Asks {
  const open = cell<readonly OpenAsk[]>([])
  const listed = cell({ asked: 0, whole: false })
  let [reading, again] = [false, false]
  const read = async (): Promise<void> => {
    reading = true
    try {
      do {
        again = false
        const asked = Date.now()
        const { asks } = await reach.surely(() => client.call('asksList', { query: { limit: MOST } }))
        if (JSON.stringify(asks) !== JSON.stringify(open.get())) open.set(asks)
        listed.set({ asked, whole: asks.length < MOST })
      } while (again)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
    } finally {
      reading = false
    }
  }
  return {
    open,
    listed,
    given: cell<ReadonlyMap<AskId, Given>>(new Map()),
    look: () => {
      if (reading) again = true
      else own(read())
    },
  }
}
