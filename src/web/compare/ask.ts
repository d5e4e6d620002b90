import { Refusal } from '../../client/refusal.ts'
import type { FaultData } from '../../wire/fault.ts'
import { newMessageId, type MessageId, type RunId, type SessionId } from '../../wire/id.ts'
import { goToComparison } from '../live/address.ts'
import type { App } from '../live/app.ts'
import { own } from '../live/own.ts'
import { runOf, type Wish } from '../state/talk.ts'
import { faultText } from '../words/titles.ts'

export const MOST_ASKED = 4

/** Somebody who is to answer as well. The key makes asking twice the same as asking once. */
type Rival = Wish & { key: MessageId }
/** A message that more than one is to answer; `run` and `session` are known once the server has it. */
type Kept = { message: MessageId; rivals: readonly Rival[]; session: SessionId | null; run: RunId | null }

const KEY = 'pkn.rivals'
const LAST = 'pkn.rivals.last'

/** Has these answer the message of an answer too, and shows all of them side by side. */
export async function askMore(
  app: App,
  { session, run }: { session: SessionId; run: RunId },
  wishes: readonly Wish[],
): Promise<FaultData | null> {
  goToComparison(session, run)
  return askAll(app, run, wishes.map(withKey))
}

/** The next message that is sent is answered by all of these, side by side; the first is who the composer names. */
export function compareNext(app: App, wishes: readonly Wish[]): void {
  const [first, ...rest] = wishes
  if (first === undefined) return
  app.talk.wish.set(first)
  app.rivals.set(rest)
  keep(LAST, wishes)
}

/** Who was compared last. */
export const lastCompared = (): Wish[] => kept<Wish>(LAST)

/**
 * Watches for the message that those who were chosen are to answer. It is kept in the browser until all of them were asked: neither a reload
 * nor a server that is away loses it.
 */
export function watchRivals(app: App): void {
  const { talk, rivals } = app
  let before = talk.place.get()
  const look = () => {
    const place = talk.place.get()
    const said = place.talk.turns.at(-1)
    const fresh =
      said !== undefined && said.delivery.state === 'sending' && !before.talk.turns.some(({ id }) => id === said.id)
    if (place.visit !== before.visit) rivals.set([])
    before = place
    if (fresh && rivals.get().length > 0) {
      put({ message: said.id, rivals: rivals.get().map(withKey), session: null, run: null })
      rivals.set([])
    }
    for (const one of kept<Kept>(KEY)) {
      const turn = one.run === null ? place.talk.turns.find(({ id }) => id === one.message) : undefined
      const run = turn === undefined ? null : runOf(turn)
      if (turn?.delivery.state === 'refused') drop(one.message)
      else if (run !== null && place.session !== null) begin({ ...one, session: place.session, run })
    }
  }
  const begin = (one: Kept & { session: SessionId; run: RunId }) => {
    put(one)
    goToComparison(one.session, one.run)
    own(finish(one))
  }
  const finish = async ({ message, run, rivals }: Kept & { run: RunId }): Promise<void> => {
    const fault = await askAll(app, run, rivals)
    drop(message)
    if (fault !== null) app.aloud.set(faultText(fault))
  }
  talk.place.on(look)
  for (const one of kept<Kept>(KEY)) if (one.run !== null) own(finish({ ...one, run: one.run }))
  look()
}

async function askAll({ client, reach }: App, run: RunId, rivals: readonly Rival[]): Promise<FaultData | null> {
  let fault: FaultData | null = null
  // One after the other: versions stand in the order in which they were chosen.
  for (const rival of rivals) {
    try {
      await reach.surely(() => client.call('runsAgain', { params: { run }, body: rival }))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      fault ??= error.fault
    }
  }
  return fault
}

const withKey = ({ agent, model }: Wish): Rival => ({ agent, model, key: newMessageId() })

const put = (one: Kept): void => keep(KEY, [...kept<Kept>(KEY).filter(({ message }) => message !== one.message), one])
const drop = (message: MessageId): void => {
  const rest = kept<Kept>(KEY).filter((one) => one.message !== message)
  if (rest.length === 0) localStorage.removeItem(KEY)
  else keep(KEY, rest)
}

function kept<T>(key: string): T[] {
  try {
    const read: unknown = JSON.parse(localStorage.getItem(key) ?? '[]')
    // What this page has written itself.
    return Array.isArray(read) ? (read as T[]) : []
  } catch {
    return []
  }
}

function keep(key: string, all: readonly unknown[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(all))
  } catch {
    // Full or forbidden: it lasts as long as the page.
  }
}
