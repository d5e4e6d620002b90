import { followMany } from '../../client/follow-many.ts'
import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import { newMessageId, type RunId, type SessionId } from '../../wire/id.ts'
import type { Message } from '../../wire/message.ts'
import type { App } from '../live/app.ts'
import { cell, type Cell } from '../live/cell.ts'
import { own } from '../live/own.ts'
import { earFor, type Ear } from '../live/run-follower.ts'
import { beginView, isLive, type RunView } from '../state/run-view.ts'

/** The versions of the answer to one message. */
export type Compared = {
  question: Message | null
  /** All of them, oldest first. */
  runs: readonly RunId[]
  fault: FaultData | null
}
export type Comparison = {
  state: Cell<Compared>
  viewOf: (run: RunId) => Cell<RunView>
  /** Follows these until it is called again, on one line between them. */
  follow: (runs: readonly RunId[]) => void
  stop: (run: RunId) => void
  /** The same once more, as that one was asked. */
  again: (run: RunId) => void
  close: () => void
}

/** `run` is any version of the answer. */
export function openComparison(
  { client, reach, sessions }: Pick<App, 'client' | 'reach' | 'sessions'>,
  session: SessionId,
  run: RunId,
): Comparison {
  const state = cell<Compared>({ question: null, runs: [], fault: null })
  const views = new Map<RunId, Cell<RunView>>()
  const left = new AbortController()
  let line = new AbortController()
  const viewOf = (of: RunId): Cell<RunView> => {
    const view = views.get(of) ?? cell(beginView(of, Date.now()))
    views.set(of, view)
    return view
  }
  const refused = (error: unknown) => {
    if (!(error instanceof Refusal)) throw error
    if (!left.signal.aborted) state.set({ ...state.get(), fault: error.fault })
  }
  const read = async (): Promise<void> => {
    const ask = { params: { session }, query: { run, limit: 2 } }
    const { messages } = await reach.surely(() => client.call('messagesList', ask))
    const question = messages.find(({ runs }) => runs.includes(run)) ?? null
    if (left.signal.aborted || question === null) return
    const same = question.runs.join() === state.get().runs.join()
    state.set({ question, runs: same ? state.get().runs : question.runs, fault: null })
  }
  const listen = async (runs: readonly RunId[], signal: AbortSignal): Promise<void> => {
    const open = runs.map(viewOf).filter((view) => isLive(view.get()))
    const ears = new Map<RunId, Ear>(open.map((view) => [view.get().run, earFor(view, reach, signal)]))
    const known = new Map(open.map((view) => [view.get().run, view.get().draft.at]))
    const onLine: Ear['line'] = (news) => {
      for (const [run, ear] of ears) if (isLive(viewOf(run).get())) ear.line(news)
    }
    const server = { base: '', fetch: (url: string, init: RequestInit) => fetch(url, init) }
    try {
      for await (const news of followMany(server, known, signal, { wake: reach.wake, onLine }))
        for (const { run, entries } of news) ears.get(run)?.take(entries)
    } catch (error) {
      refused(error)
    } finally {
      for (const ear of ears.values()) ear.close()
    }
  }
  const find = () => sessions.state.get().sessions.find(({ id }) => id === session)
  let known = find()
  // What changes in the chat, here or elsewhere, may be another version.
  const off = sessions.state.on(() => {
    if (find() === known) return
    known = find()
    own(read().catch(refused))
  })
  own(read().catch(refused))
  return {
    state,
    viewOf,
    follow: (runs) => {
      line.abort()
      line = new AbortController()
      own(listen(runs, AbortSignal.any([line.signal, left.signal])))
    },
    stop: (of) => {
      const view = viewOf(of)
      if (view.get().stopping || !isLive(view.get())) return
      view.set({ ...view.get(), stopping: true })
      own(reach.surely(() => client.call('runsCancel', { params: { run: of }, body: {} })))
    },
    again: (of) => {
      const body = { key: newMessageId() }
      own(reach.surely(() => client.call('runsAgain', { params: { run: of }, body })).then(read, refused))
    },
    close: () => {
      off()
      left.abort()
    },
  }
}

/** How many stand beside each other. */
export const MOST_SHOWN = 4

/** Those that are shown until somebody chooses: the newest, and the one that was asked for. */
export function firstShown(runs: readonly RunId[], asked: RunId): RunId[] {
  const newest = runs.slice(-MOST_SHOWN)
  return newest.includes(asked) || !runs.includes(asked) ? newest : [asked, ...newest.slice(1)]
}
