import type { Backends, Choice, Clock, LocalEngine, Say, Wanted } from '../core/ports.ts'
import type { EventOf } from '../wire/event.ts'
import { fault, type FaultCode, type FaultData } from '../wire/fault.ts'
import { type CloudSpec, cloudSeat } from './cloud.ts'
import { Broken } from './broken.ts'
import { asCrash } from './engine-crash.ts'
import { engineModels, idleEngine } from './engine-seat.ts'
import { isAwaited, mayBeChosen, stayIn } from './house.ts'
import { type EndpointSpec, withBase } from './look.ts'
import { byPreference, byWorth, type Seat, wishesOf } from './rank.ts'
import { isOfTheRequest, toollessModel } from './refusal.ts'
import { newSeat, troubleOf, type WatchedSeat } from './seat.ts'
import { Served } from './served.ts'
import { shared } from './share.ts'
import { skippedFor } from './skipped.ts'
import { sameUrl, SeatWatch } from './watch-seats.ts'

/** What was looked at within this time need not be looked at again before giving up. */
const FRESH_MS = 1000

type Given = {
  /** `configured` were named by the user, in order; `usual` are looked for because such servers are often there. */
  endpoints: { configured: readonly EndpointSpec[]; usual: readonly EndpointSpec[] }
  /** Providers of the cloud that the user has set up. */
  cloud?: readonly CloudSpec[]
  engine: LocalEngine | null
  clock: Clock
  say: Say
}
/** A seat as it stands in one choice; `watched` is null for the engine that is not running. */
type Standing = Seat & { readonly watched: WatchedSeat | null; readonly halfOpen: boolean }

/** Begins to look for model servers at once; close() ends that. */
export function openBackends({ endpoints, cloud = [], engine, clock, say }: Given): Backends {
  const since = new Date(clock.wall()).toISOString()
  const seats = [
    ...endpoints.configured.map((spec) => newSeat(withBase(spec), 'configured', clock)),
    ...cloud.map((spec) => newSeat(cloudSeat(spec), 'configured', clock)),
    ...endpoints.usual.map((spec) => newSeat(withBase(spec), 'usual', clock)),
  ]
  const served = new Served()
  const broken = new Broken(clock)
  const watch = new SeatWatch({ seats, engine, clock, say })
  const engineIsOff = () => !seats.some((seat) => watch.isEngine(seat) && seat.info.state !== 'down')

  const standings = (failed: ReadonlySet<string>): Standing[] => {
    const off = engine !== null && engineIsOff()
    // Where it ran before is no endpoint of its own beside what could be started.
    const watched = seats
      .filter((seat) => !(off && watch.isEngine(seat)))
      .map((seat) => ({
        origin: seat.origin,
        info: infoOf(seat),
        known: seat.known,
        trouble: troubleOf(seat, failed),
        watched: seat,
        halfOpen: seat.breaker.halfOpen,
      }))
    const all: Standing[] = off
      ? [...watched, { ...idleEngine(engine, watch.offer, since), watched: null, halfOpen: false }]
      : watched
    return all.map((seat) => ({ ...seat, broken: broken.at(seat.info.name, seat.info.models) }))
  }
  const infoOf = (seat: WatchedSeat) =>
    engine !== null && seat.info.kind === 'engine' && seat.info.state !== 'down'
      ? { ...seat.info, models: engineModels(watch.offer, seat.info.models) }
      : seat.info

  const start = async (report: Report, signal: AbortSignal): Promise<WatchedSeat | FaultData> => {
    const started = await engine!.ensure(report, signal)
    if (!started.ok) return started.fault
    watch.engineStarted(started.url)
    let seat = seats.find(({ spec }) => sameUrl(spec.url, started.url))
    if (seat === undefined) {
      seat = newSeat({ name: 'engine', kind: 'llama', url: started.url }, 'engine', clock)
      seats.push(seat)
    }
    // What was suspected of the process before is not true of this one.
    seat.suspect = false
    // A look that began before the engine was there would tell nothing.
    const looking = seat.looking ?? Promise.resolve()
    await orAborted(
      looking.then(() => watch.look(seat)),
      signal,
    )
    return seat
  }

  return {
    list() {
      return standings(new Set()).map(({ info, trouble }) =>
        info.why === null && trouble !== null ? { ...info, why: trouble.why } : info,
      )
    },

    async choose(wanted, report, signal) {
      const wishes = wishesOf(wanted.models)
      const awaited = seats.filter((seat) => isAwaited(seat, wanted.backend, wishes))
      if (wanted.backend === 'cloud' && awaited.length === 0)
        return { ok: false, fault: fault('cloud.off'), skipped: [] }
      const rank = () => {
        const all = standings(wanted.failed).filter((seat) => mayBeChosen(seat, wanted.backend))
        const preferred = byPreference(all, wishes, stayIn(all, wanted.backend), wanted.pictures, wanted.named)
        return { preferred, worthy: byWorth(preferred, wishes.length) }
      }
      // Whether there is a key is read here and asked of nobody: one that was given or taken away a moment ago counts.
      await Promise.all(awaited.filter(({ spec }) => spec.kind === 'cloud').map((seat) => watch.look(seat)))
      const best = rank().worthy[0]?.seat.info
      if (awaited.some(({ seen }) => seen === null) || (best?.state !== 'up' && best?.state !== 'busy')) {
        const stale = awaited.filter(
          ({ seen, info, suspect, looking }) =>
            seen === null || looking !== null || ((suspect || !WELL.has(info.state)) && clock.now() - seen > FRESH_MS),
        )
        await orAborted(Promise.all([watch.refreshOffer(), ...stale.map((seat) => watch.look(seat))]), signal)
      } else if (best.kind === 'engine') await watch.refreshOffer()
      const { preferred, worthy } = rank()
      let refused: FaultData | null = null
      for (const candidate of worthy) {
        if (signal.aborted) break
        const skipped = skippedFor(preferred, wishes, candidate)
        if (candidate.seat.watched !== null) {
          const [first, ...rest] = shared(candidate, worthy, wanted, wishes.length)
          if (first.seat.halfOpen) first.seat.watched?.breaker.tries()
          const chosenAt = ({ seat, model }: typeof first) => served.chosen(seat.watched!, model)
          const chosen = [chosenAt(first), ...rest.map(chosenAt)] as const
          return { ok: true, chosen, skipped }
        }
        const seat = await start(report, signal)
        if (!('code' in seat)) {
          const named = infoOf(seat).models.find(({ name }) => name === candidate.model?.name)
          const chosen = served.chosen(seat, named ?? infoOf(seat).models[0] ?? candidate.model)
          return { ok: true, chosen: [chosen], skipped }
        }
        refused = seat
        say({ level: 'warn', text: `the engine cannot answer: ${refused.message}` })
      }
      const what = () =>
        lookedFor(awaited, wanted, engine && engineIsOff() ? idleEngine(engine, watch.offer, since) : null)
      return {
        ok: false,
        fault: refused ?? keyless(awaited, wanted) ?? fault('model.none', { what: what() }),
        skipped: skippedFor(preferred, wishes, null),
      } satisfies Choice
    },

    async failed(endpoint, seen) {
      const there = seats.filter(({ info }) => info.name === endpoint)
      const isEngine = there.some((seat) => watch.isEngine(seat))
      const toolless = toollessModel(seen)
      if (toolless !== null) served.refusedTools(endpoint, toolless)
      broken.learn(
        endpoint,
        seen,
        there.flatMap((seat) => infoOf(seat).models),
      )
      for (const seat of there) {
        const pause = BREAKS.has(seen.code) && !isOfTheRequest(seen) ? seat.breaker.failed(seen.message) : null
        if (pause !== null)
          say({
            level: 'warn',
            text: `${endpoint} failed again and again and is left alone for ${pause / 1000} s: ${seen.message}`,
          })
        if (!LOOK_AGAIN.has(seen.code)) continue
        seat.suspect ||= SUSPECT.has(seen.code)
        seat.looking ??= watch.look(seat)
      }
      return isEngine && engine !== null ? asCrash(seen, engine, clock) : seen
    },

    worked(endpoint) {
      for (const seat of seats.filter(({ info }) => info.name === endpoint)) {
        if (seat.breaker.worked()) say({ level: 'info', text: `${endpoint} answers again` })
        // What has been loaded has a context, and slots, that were not known before.
        const { kind, models } = seat.info
        const changed = kind === 'engine' || models.some(({ loaded }) => loaded === false)
        if (changed && !models.some(({ loaded }) => loaded === true)) seat.looking ??= watch.look(seat)
      }
    },

    async look() {
      await Promise.all([watch.refreshOffer(), ...seats.map((seat) => watch.look(seat))])
    },

    close: () => watch.close(),
  }
}

type Report = (phase: EventOf<'phase'>) => void

const WELL = new Set(['up', 'busy'])
/** After these an endpoint is passed over until it was seen well again. */
const SUSPECT = new Set<FaultCode>([
  'engine.unreachable',
  'engine.cut',
  'engine.garbled',
  'engine.crashed',
  'engine.refused',
  'watch.connect',
  'watch.silent',
  'watch.stalled',
])
const LOOK_AGAIN = new Set<FaultCode>([...SUSPECT, 'engine.error', 'model.missing'])
const BREAKS = new Set<FaultCode>([...SUSPECT, 'engine.error', 'engine.busy'])

/** Where a provider of the cloud is all that was asked for, what it lacks is what stands in the way. */
function keyless(seats: readonly WatchedSeat[], { backend, named }: Wanted): FaultData | null {
  const meant = backend === 'cloud' ? seats : seats.filter(({ info }) => named?.startsWith(`${info.name}/`))
  const [first] = meant
  if (first === undefined || !meant.every(({ spec, info }) => spec.kind === 'cloud' && info.state === 'down'))
    return null
  return fault('cloud.keyless', { provider: first.info.name, why: first.info.why ?? 'it has no key' })
}

function lookedFor(seats: readonly WatchedSeat[], { backend }: Wanted, engine: Seat | null): string {
  const places = seats.map(({ info, suspect }) => {
    if (suspect && info.state === 'up') return `${info.name} failed just now`
    return `${info.name} at ${info.url}: ${info.why ?? (info.models.length === 0 ? 'it has no models' : info.state)}`
  })
  if (backend === 'local') places.push(`PKN's own engine: ${engine?.info.why ?? 'it is switched off'}`)
  return `${places.join('; ')}.`
}

function orAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    if (signal.aborted) return resolve()
    signal.addEventListener('abort', done)
    work.then(done, reject)
  })
}
