import { Refusal } from '../../client/refusal.ts'
import type { Reply } from '../../wire/api.ts'
import type { Message } from '../../wire/message.ts'
import { addressNow, foundSpot } from '../live/address.ts'
import type { App } from '../live/app.ts'
import type { Spot } from '../live/find.ts'
import { runOf, type Turn } from '../state/talk.ts'
import { showMessage } from './show-message.ts'
import { until } from './until.ts'

const PAGE = 200
/** Nobody waits for more messages than these to be read. */
const MOST_PAGES = 50

let last = new AbortController()

/**
 * Brings a message of the session that was just opened on the screen, also if it is far above what was read, or on another branch. Ends when
 * the address leads elsewhere, or with the next jump.
 */
export async function jumpTo(app: App, spot: Spot): Promise<void> {
  last.abort()
  last = new AbortController()
  const { signal } = last
  const leave = last
  const watch = app.jump.on(() => {
    if (app.jump.get() === null) leave.abort()
  })
  app.jump.set({ state: 'looking', read: 0 })
  try {
    await until(app.talk.place, (place) => place.session !== spot.session || !place.reading, signal)
    if (!leads(spot) || app.talk.place.get().fault !== null) return app.jump.set(null)
    const said = await seek(app, spot, signal)
    if (signal.aborted) return
    const turn = turnOf(app, spot)
    if (turn !== undefined) await showMessage(turn.id, turn.id !== spot.message, spot.question, signal)
    watch()
    app.jump.set(said)
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    watch()
  }
}

const leads = (spot: Spot): boolean => foundSpot(addressNow())?.message === spot.message

const isIt = (turn: Turn, { message }: Spot): boolean =>
  turn.id === message || runOf(turn) === message || turn.answer?.id === message
const turnOf = ({ talk }: App, spot: Spot): Turn | undefined =>
  talk.place.get().talk.turns.find((turn) => isIt(turn, spot))

/** Answers with what is to be said of the message once it is shown. */
async function seek(app: App, spot: Spot, signal: AbortSignal): Promise<ReturnType<App['jump']['get']>> {
  const { client, reach, talk, jump } = app
  const { session } = spot
  const read = async (from: string | null): Promise<'put' | 'missing' | 'far'> => {
    const pages: Reply<'messagesList'>[] = []
    for (let before = from; pages.length < MOST_PAGES;) {
      const query = { limit: PAGE, ...(before === null ? {} : { before }) }
      const page = await reach.surely(() => client.call('messagesList', { params: { session }, query }, signal))
      pages.unshift(page)
      const messages = pages.flatMap((each) => each.messages)
      jump.set({ state: 'looking', read: messages.length })
      const at = messages.findIndex((message) => isSpot(message, spot))
      // An answer is not shown without its question, which may be on the page before.
      if (at > 0 || (at === 0 && (messages[0]?.role === 'user' || page.next === null))) {
        talk.put({ messages, next: page.next }, from !== null)
        return 'put'
      }
      if (page.next === null) return 'missing'
      before = page.next
    }
    return 'far'
  }
  for (;;) {
    const { turns, earlier } = talk.place.get().talk
    if (turnOf(app, spot) !== undefined) return null
    // Beside what is shown there are other versions, which need not be looked for above.
    const beside = turns.some(({ id, runs, siblings }) =>
      [id, ...runs, ...siblings].some((one) => one === spot.message),
    )
    if (earlier !== null && !beside) {
      const came = await read(earlier)
      if (came === 'far') return { state: 'far' }
      // Somebody else may have read the same meanwhile.
      if (came === 'put' || talk.place.get().talk.earlier !== earlier) continue
    }
    const back = turns.map(runOf).findLast((run) => run !== null) ?? null
    try {
      const body = { tip: spot.message }
      await reach.surely(() => client.call('sessionsChange', { params: { session }, body }, signal))
    } catch (error) {
      if (error instanceof Refusal) return { state: 'missing' }
      throw error
    }
    const came = await read(null)
    return came === 'put' ? { state: 'turned', back } : { state: came }
  }
}

const isSpot = (message: Message, { message: wanted }: Spot): boolean =>
  message.id === wanted || (message.role === 'assistant' && message.run === wanted)
