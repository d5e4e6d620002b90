import type { Client } from '../../client/client.ts'
import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import type { Hit } from '../../wire/search.ts'
import { cell, type Cell } from '../live/cell.ts'
import type { Own } from '../live/own.ts'
import type { Reach } from '../live/reach.ts'

/** `question` is what the hits are the answer to; it lags behind what is typed while `asking`. */
export type Found = {
  question: string
  hits: readonly Hit[]
  next: string | null
  asking: boolean
  fault: FaultData | null
}
type Question = { question: string; before: string | null }
export type Search = { found: Cell<Found>; ask: (typed: string) => void; more: () => void }

const PAGE = 20
/** Who has seen so many looks for something else. */
export const MOST_HITS = 300
const NOTHING: Found = { question: '', hits: [], next: null, asking: false, fault: null }

/**
 * Asks one question at a time: what is typed meanwhile waits for the answer, and of that only the newest is asked, so that answers can't
 * overtake each other. What came for a question that is old by then is dropped. The same question is not asked twice.
 */
export function searchIn(deps: { client: Client; reach: Reach; own: Own; signal: AbortSignal }): Search {
  const { client, reach, own, signal } = deps
  const found = cell<Found>(NOTHING)
  /** `wanted` is what is not answered yet. */
  const desk: { wanted: Question | null; busy: boolean } = { wanted: null, busy: false }
  const pageFor = async ({ question, before }: Question): Promise<Found> => {
    const query = { q: question, limit: PAGE, ...(before === null ? {} : { before }) }
    try {
      const { hits, next } = await client.call('search', { query }, signal)
      const all = before === null ? hits : [...found.get().hits, ...hits]
      return { question, hits: all, next: all.length < MOST_HITS ? next : null, asking: false, fault: null }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { ...NOTHING, question, fault: error.fault }
    }
  }
  const look = async (wanted: Question): Promise<void> => {
    desk.wanted = wanted
    if (desk.busy) return
    desk.busy = true
    while (desk.wanted !== null && !signal.aborted) {
      let asked: Question = desk.wanted
      found.set({ ...found.get(), asking: true })
      const page = await reach
        .surely(() => {
          // While the server is away, a newer question takes the place of this one.
          asked = desk.wanted ?? asked
          return pageFor(asked)
        })
        .catch((error: unknown) => {
          if (!signal.aborted) throw error
        })
      if (page === undefined || desk.wanted !== asked) continue
      desk.wanted = null
      found.set(page)
    }
    desk.busy = false
  }
  return {
    found,
    ask: (typed) => {
      const question = typed.trim().replaceAll(/\s+/g, ' ')
      const { question: answered } = found.get()
      if (question === (desk.wanted?.question ?? answered)) return
      if (question !== '' && question !== answered) return own(look({ question, before: null }))
      // Back at what is answered already.
      desk.wanted = null
      found.set(question === '' ? NOTHING : { ...found.get(), asking: false })
    },
    more: () => {
      const { next, question } = found.get()
      if (desk.wanted === null && next !== null) own(look({ question, before: next }))
    },
  }
}
