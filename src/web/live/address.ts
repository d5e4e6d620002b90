import type { RunId, SessionId } from '../../wire/id.ts'

/** What the address shows. `at` is a moment of the run in milliseconds. */
export type Address =
  { view: 'chat'; session: SessionId | null; run: RunId | null; at: number | null } | { view: Place }
/** The views beside the chat. */
export type Place = 'models' | 'settings' | 'agents' | 'demo'

const SESSION = /^#s=(ses_[0-9a-z]{20,40})$/
const RUN = /^#run=(run_[0-9a-z]{20,40})(?:&at=(\d{1,9}(?:\.\d{1,3})?)s)?$/
const AGENTS = '#/agents'
const PLACES: Record<string, Place> = { '#/models': 'models', '#/settings': 'settings', '#/demo': 'demo' }

export function addressNow(): Address {
  const place = location.hash.startsWith(AGENTS) ? 'agents' : PLACES[location.hash]
  if (place !== undefined) return { view: place }
  const [, run, at] = RUN.exec(location.hash) ?? []
  return {
    view: 'chat',
    session: (SESSION.exec(location.hash)?.[1] as SessionId | undefined) ?? null,
    run: (run as RunId | undefined) ?? null,
    at: at === undefined ? null : Math.round(Number(at) * 1000),
  }
}

/** Goes to a session by way of the address, so that a reload, a bookmark and the back button lead there too. */
export function goTo(session: SessionId | null): void {
  const now = addressNow()
  if (now.view === 'chat' && now.session === session && now.run === null) return
  go(session === null ? location.pathname : `#s=${session}`)
}

export function goToPlace(place: Place): void {
  if (addressNow().view !== place) go(`#/${place}`)
}
export const goToModels = (): void => goToPlace('models')
export const goToDemo = (): void => goToPlace('demo')
/** All agents, or one: its name, or its name and what of it. */
export const goToAgents = (one?: string): void => go(one === undefined ? AGENTS : `${AGENTS}/${one}`)

/** The chat on the screen has got its id; an address that shows something else meanwhile stays as it is. */
export function nameChat(session: SessionId): void {
  if (addressNow().view === 'chat') history.replaceState(null, '', `#s=${session}`)
}

/** `#run=run_…&at=12.4s` */
export const momentHash = (run: RunId, at: number | null): string =>
  `#run=${run}${at === null ? '' : `&at=${Number((at / 1000).toFixed(3))}s`}`

/** The moment that is looked at, in the address: a reload shows it again. */
export function nameMoment(run: RunId, at: number): void {
  if (addressNow().view === 'chat') history.replaceState(null, '', momentHash(run, at))
}

/** No moment is looked at any more. */
export function leaveMoment(session: SessionId | null): void {
  const now = addressNow()
  if (now.view === 'chat' && now.run !== null)
    history.replaceState(null, '', session === null ? location.pathname : `#s=${session}`)
}

function go(to: string): void {
  history.pushState(null, '', to)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
