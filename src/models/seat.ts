import type { Clock, Say } from '../core/ports.ts'
import type { EndpointInfo, ModelInfo } from '../wire/model.ts'
import { isLocal } from './local.ts'
import { type EndpointSpec, type Look, only, withoutSecrets } from './look.ts'
import { Breaker } from './breaker.ts'
import type { Seat, Trouble } from './rank.ts'
import { Work } from './work.ts'

/** An endpoint under watch: what it is called, how it was found, and what was seen there last. */
export type WatchedSeat = {
  readonly spec: EndpointSpec
  readonly origin: Seat['origin']
  info: EndpointInfo
  /** It failed and was not seen well since. */
  suspect: boolean
  /** When it was looked at last, by the clock that never goes back; null before the first time. */
  seen: number | null
  /** The models it was last seen to have: a server that loads again does not tell, and has them most likely. */
  known: ModelInfo[]
  /** The look under way. */
  looking: Promise<void> | null
  readonly breaker: Breaker
  /** What this process has under way there. */
  readonly work: Work
}

export const newSeat = (spec: EndpointSpec, origin: Seat['origin'], clock: Clock): WatchedSeat => ({
  spec,
  origin,
  suspect: false,
  seen: null,
  looking: null,
  known: only([], spec),
  breaker: new Breaker(clock),
  work: new Work(),
  info: {
    name: spec.name,
    kind: spec.kind,
    url: withoutSecrets(spec.url),
    state: 'down',
    since: new Date(clock.wall()).toISOString(),
    why: 'not looked at yet',
    slots: spec.slots ?? 1,
    busy: 0,
    waiting: 0,
    // A gateway in the house sends what it is given out of it.
    local: spec.kind !== 'cloud' && isLocal(spec.url),
    ...(origin === 'usual' ? { lookedFor: true } : {}),
    models: [],
  },
})

/**
 * Takes in what was seen, and says so where it is news. A suspicion that came up while it was looked at (`suspected` is how it was when the
 * look began) is not disproved by it.
 */
export function settle(
  seat: WatchedSeat,
  look: Look,
  suspected: boolean,
  { clock, say }: { clock: Clock; say: Say },
): void {
  const before = seat.info
  const first = seat.seen === null
  seat.seen = clock.now()
  // Slots that work for us are no news; where others have them all, what we send waits without a word.
  const others = look.state === 'up' && (look.working ?? 0) >= look.slots && (look.working ?? 0) > seat.work.open
  const state = others ? 'busy' : look.state
  const why =
    look.state === 'down' ? look.why : others ? `all its slots (${look.slots}) are at work, not all for PKN` : null
  const ours = look.state === 'down' ? before.kind === 'engine' : look.ours
  const name = ours ? 'engine' : seat.spec.name
  if (look.state !== 'down' && (look.state === 'up' || look.models.length > 0))
    seat.known = look.models.map((model) => ({ ...model, endpoint: name }))
  seat.info = {
    ...before,
    name,
    kind: ours ? 'engine' : seat.spec.kind,
    state,
    since: before.state === state ? before.since : new Date(clock.wall()).toISOString(),
    why,
    slots: look.state === 'down' ? before.slots : look.slots,
    models: look.state === 'down' ? [] : seat.known,
  }
  if ((look.state === 'up' || look.state === 'idle') && suspected) seat.suspect = false
  // It was started anew, most likely: what failed before it went is no longer true.
  if (!first && look.state === 'up' && before.state === 'down') seat.breaker.worked()
  if (before.state === state && !(first && state === 'down')) return
  const where = `${name} at ${before.url}`
  if (state === 'busy') say({ level: 'info', text: `${where} is busy: ${why}` })
  else if (state === 'up')
    say({
      level: 'info',
      text: `${where} is up: ${seat.info.models.map(({ name }) => name).join(', ') || 'no models'}`,
    })
  else if (state === 'idle') say({ level: 'info', text: `${where} is asked only for what names it, or the cloud` })
  else if (state === 'loading') say({ level: 'info', text: `${where} is loading its model` })
  else if (!first || seat.origin === 'configured')
    say({ level: first ? 'info' : 'warn', text: `${where} is ${first ? 'not there' : 'gone'}: ${why}` })
}

/** Why an endpoint is not the first to be asked, however well it suits. `failed` are those that failed in this step. */
export function troubleOf(
  { info, suspect, breaker, work, seen }: WatchedSeat,
  failed: ReadonlySet<string>,
): Trouble | null {
  if (info.state === 'down') {
    const since = new Date(info.since).toTimeString().slice(0, 8)
    return {
      kind: 'out',
      why: seen === null ? 'it was not looked at yet' : `down since ${since}: ${info.why ?? 'gone'}`,
    }
  }
  if (suspect) return { kind: 'out', why: 'it failed just now, and was not seen well since' }
  const broken = breaker.why(work.open)
  if (broken !== null) return { kind: 'last', why: broken }
  return failed.has(info.name) ? { kind: 'failed', why: 'it failed just now' } : null
}
