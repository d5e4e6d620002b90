import type { Clock, Say } from '../core/ports.ts'
import type { EndpointInfo, ModelInfo } from '../wire/model.ts'
import { isLocal } from './local.ts'
import { type EndpointSpec, type Look, withoutSecrets } from './look.ts'
import type { Seat } from './rank.ts'

/** An endpoint under watch: what it is called, how it was found, and what was seen there last. */
export type WatchedSeat = Seat & {
  readonly spec: EndpointSpec
  info: EndpointInfo
  suspect: boolean
  /** When it was looked at last, by the clock that never goes back; null before the first time. */
  seen: number | null
  /** The models it was last seen to have: a server that loads again does not tell, and has them most likely. */
  known: ModelInfo[]
  /** The look under way. */
  looking: Promise<void> | null
}

export const newSeat = (spec: EndpointSpec, origin: Seat['origin'], clock: Clock): WatchedSeat => ({
  spec,
  origin,
  suspect: false,
  seen: null,
  looking: null,
  known: [],
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
    local: isLocal(spec.url),
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
  const why = look.state === 'down' ? look.why : null
  const ours = look.state === 'down' ? before.kind === 'engine' : look.ours
  const name = ours ? 'engine' : seat.spec.name
  if (look.state !== 'down' && (look.state === 'up' || look.models.length > 0))
    seat.known = look.models.map((model) => ({ ...model, endpoint: name }))
  seat.info = {
    ...before,
    name,
    kind: ours ? 'engine' : seat.spec.kind,
    state: look.state,
    since: before.state === look.state ? before.since : new Date(clock.wall()).toISOString(),
    why,
    slots: look.state === 'down' ? before.slots : look.slots,
    models: look.state === 'down' ? [] : seat.known,
  }
  if (look.state === 'up' && suspected) seat.suspect = false
  if (before.state === look.state && !(first && look.state === 'down')) return
  const where = `${name} at ${before.url}`
  if (look.state === 'up')
    say({
      level: 'info',
      text: `${where} is up: ${seat.info.models.map(({ name }) => name).join(', ') || 'no models'}`,
    })
  else if (look.state === 'loading') say({ level: 'info', text: `${where} is loading its model` })
  else if (!first || seat.origin === 'configured')
    say({ level: first ? 'info' : 'warn', text: `${where} is ${first ? 'not there' : 'gone'}: ${why}` })
}
