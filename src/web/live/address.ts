import type { SessionId } from '../../wire/id.ts'

/** What the address shows. */
export type Address = { view: 'chat'; session: SessionId | null } | { view: 'models' }

const SESSION = /^#s=(ses_[0-9a-z]{20,40})$/
const MODELS = '#/models'

export function addressNow(): Address {
  if (location.hash === MODELS) return { view: 'models' }
  return { view: 'chat', session: (SESSION.exec(location.hash)?.[1] as SessionId | undefined) ?? null }
}

/** Goes to a session by way of the address, so that a reload, a bookmark and the back button lead there too. */
export function goTo(session: SessionId | null): void {
  const now = addressNow()
  if (now.view === 'chat' && now.session === session) return
  go(session === null ? location.pathname : `#s=${session}`)
}

export function goToModels(): void {
  if (addressNow().view !== 'models') go(MODELS)
}

/** The chat on the screen has got its id; an address that shows something else meanwhile stays as it is. */
export function nameChat(session: SessionId): void {
  if (addressNow().view === 'chat') history.replaceState(null, '', `#s=${session}`)
}

function go(to: string): void {
  history.pushState(null, '', to)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
