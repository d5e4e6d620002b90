import type { MessageId, ProjectId, RunId, SessionId } from '../../wire/id.ts'
import type { Spot } from './find.ts'

/** What the address shows. `at` is a moment of the run in milliseconds. */
export type Address =
  | {
      view: 'chat'
      session: SessionId | null
      /** That a chat which has no session yet begins in. */
      project: ProjectId | null
      /** A message of the session, or the run whose answer it is. */
      message: MessageId | RunId | null
      run: RunId | null
      at: number | null
    }
  /** The versions of an answer side by side; `run` is any of them. */
  | { view: 'compare'; session: SessionId; run: RunId }
  | { view: Place }
/** The views beside the chat. */
export type Place = 'models' | 'settings' | 'agents' | 'demo' | 'archive' | 'memory' | 'projects'

const SESSION = /^#s=(ses_[0-9a-z]{20,40})(?:&m=([A-Za-z0-9][\w.:-]{7,99}))?$/
const RUN = /^#run=(run_[0-9a-z]{20,40})(?:&at=(\d{1,9}(?:\.\d{1,3})?)s)?$/
const AGENTS = '#/agents'
const PROJECTS = '#/projects'
const MEMORY = '#/memory'
const BEGUN = /^#p=(prj_[0-9a-z]{20,40})$/
const PLACES: Record<string, Place> = {
  '#/models': 'models',
  '#/settings': 'settings',
  '#/demo': 'demo',
  '#/archive': 'archive',
}
const COMPARED = /^#s=(ses_[0-9a-z]{20,40})&compare=(run_[0-9a-z]{20,40})$/

export function addressNow(): Address {
  const { hash } = location
  const place = hash.startsWith(AGENTS)
    ? 'agents'
    : hash.startsWith(PROJECTS)
      ? 'projects'
      : hash.startsWith(MEMORY)
        ? 'memory'
        : PLACES[hash]
  if (place !== undefined) return { view: place }
  const [, chat, version] = COMPARED.exec(location.hash) ?? []
  if (chat !== undefined) return { view: 'compare', session: chat as SessionId, run: version as RunId }
  const [, run, at] = RUN.exec(location.hash) ?? []
  const [, session, message] = SESSION.exec(location.hash) ?? []
  const [, project] = BEGUN.exec(location.hash) ?? []
  return {
    view: 'chat',
    session: (session as SessionId | undefined) ?? null,
    project: (project as ProjectId | undefined) ?? null,
    message: (message as MessageId | undefined) ?? null,
    run: (run as RunId | undefined) ?? null,
    at: at === undefined ? null : Math.round(Number(at) * 1000),
  }
}

/** Goes to a session by way of the address, so that a reload, a bookmark and the back button lead there too; or to a new one, of a project if one is named. */
export function goTo(session: SessionId | null, project: ProjectId | null = null): void {
  const now = addressNow()
  const same = now.view === 'chat' && now.session === session && now.message === null && now.run === null
  if (same && (session !== null || now.project === project)) return
  go(session !== null ? `#s=${session}` : project !== null ? `#p=${project}` : location.pathname)
}

/** `#s=ses_…&compare=run_…` */
export const goToComparison = (session: SessionId, run: RunId): void => go(`#s=${session}&compare=${run}`)

export function goToPlace(place: Place): void {
  if (addressNow().view !== place) go(`#/${place}`)
}
export const goToModels = (): void => goToPlace('models')
export const goToDemo = (): void => goToPlace('demo')
/** All agents, or one: its name, or its name and what of it. */
export const goToAgents = (one?: string): void => go(one === undefined ? AGENTS : `${AGENTS}/${one}`)

/** All projects, or one. */
export const goToProjects = (one?: ProjectId): void => go(one === undefined ? PROJECTS : `${PROJECTS}/${one}`)
/** What is remembered, or another part of that view. */
export const goToMemory = (part?: 'snippets' | 'documents'): void =>
  go(part === undefined ? MEMORY : `${MEMORY}/${part}`)

/** Goes to a message; what it was found with is kept beside the address, for a reload. */
export function goToMessage({ session, message, question }: Spot): void {
  go(`#s=${session}&m=${message}`, { question })
}

/** The message that the address leads to. */
export function foundSpot(address: Address): Spot | null {
  if (address.view !== 'chat' || address.session === null || address.message === null) return null
  const state: unknown = history.state
  const kept = typeof state === 'object' && state !== null && 'question' in state ? state.question : ''
  return { session: address.session, message: address.message, question: typeof kept === 'string' ? kept : '' }
}

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

function go(to: string, state: unknown = null): void {
  if (location.hash === to) history.replaceState(state, '', to)
  else history.pushState(state, '', to)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
