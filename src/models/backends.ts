import type { Backends, Choice, Chosen, Clock, LocalEngine, Model, Say, Wanted } from '../core/ports.ts'
import type { EventOf } from '../wire/event.ts'
import { fault, type FaultCode, type FaultData } from '../wire/fault.ts'
import type { EndpointInfo, ModelInfo } from '../wire/model.ts'
import { asCrash } from './engine-crash.ts'
import { type EndpointSpec, unknownModel, withBase } from './look.ts'
import { ollamaModel } from './ollama.ts'
import { openaiModel } from './openai.ts'
import { mayAnswer, rank, type Seat } from './rank.ts'
import { newSeat, type WatchedSeat } from './seat.ts'
import { sameUrl, SeatWatch } from './watch-seats.ts'

/** What was looked at within this time need not be looked at again before giving up. */
const FRESH_MS = 1000

type Given = {
  /** `configured` were named by the user, in order; `usual` are looked for because such servers are often there. */
  endpoints: { configured: readonly EndpointSpec[]; usual: readonly EndpointSpec[] }
  engine: LocalEngine | null
  clock: Clock
  say: Say
}

/** Begins to look for model servers at once; close() ends that. */
export function openBackends({ endpoints, engine, clock, say }: Given): Backends {
  const since = new Date(clock.wall()).toISOString()
  const seats = [
    ...endpoints.configured.map((spec) => newSeat(withBase(spec), 'configured', clock)),
    ...endpoints.usual.map((spec) => newSeat(withBase(spec), 'usual', clock)),
  ]
  const models = new Map<string, Model>()
  const watch = new SeatWatch({ seats, engine, clock, say })

  /** The engine as something that could be started; not there while it runs. */
  const idleEngine = (): Seat[] => {
    if (engine === null || seats.some((seat) => watch.isEngine(seat) && seat.info.state !== 'down')) return []
    const [offer] = watch.offer
    const spec = { name: 'engine', kind: 'llama', url: '' } as const
    const models = offer ? [{ ...unknownModel(offer.name, spec), bytes: offer.bytes, practice: offer.practice }] : []
    const why = offer ? engine.crashed() : 'it has no model file'
    const state = offer ? 'idle' : 'down'
    const info: EndpointInfo = {
      name: 'engine',
      kind: 'engine',
      url: '',
      state,
      since,
      why,
      slots: 1,
      busy: 0,
      waiting: 0,
      local: true,
      models,
    }
    return [{ origin: 'engine', info, suspect: false }]
  }

  const start = async (model: ModelInfo | null, report: Report, signal: AbortSignal): Promise<Choice> => {
    const started = await engine!.ensure(report, signal)
    if (!started.ok) return { ...started, skipped: [] }
    watch.engineStarted(started.url)
    let seat = seats.find(({ spec }) => sameUrl(spec.url, started.url))
    if (seat === undefined) {
      seat = newSeat({ name: 'engine', kind: 'llama', url: started.url }, 'engine', clock)
      seats.push(seat)
    }
    // What was suspected of the process before is not true of this one.
    seat.suspect = false
    // A look that began before the engine was there would tell nothing.
    await seat.looking
    await watch.look(seat)
    return { ok: true, chosen: [chosenAt(seat, rank([seat], [])[0]?.model ?? model)], skipped: [] }
  }

  const chosenAt = (seat: WatchedSeat, model: ModelInfo | null): Chosen => {
    const { name, slots, local } = seat.info
    const { url, key, context } = seat.spec
    const kind = seat.info.kind === 'cloud' ? 'openai' : seat.info.kind
    const id = `${kind} ${name} ${url}`
    let asked = models.get(id)
    if (asked === undefined) {
      asked = kind === 'ollama' ? ollamaModel({ name, url }) : openaiModel({ name, url, key, kind })
      models.set(id, asked)
    }
    return {
      model: asked,
      name: model?.name ?? 'default',
      endpoint: name,
      context: model?.context ?? context ?? null,
      slots,
      practice: model?.practice ?? false,
      local,
      remote: local ? null : new URL(url).host,
      bytes: model?.bytes ?? null,
      continues: async () => ({ text: false, thought: false }),
      idle: async () => 'unknown',
    }
  }

  return {
    list() {
      const idle = idleEngine()
      const shown = idle.length === 0 ? seats : seats.filter((seat) => !watch.isEngine(seat))
      return [...shown, ...idle].map(({ info }) => info)
    },

    async choose(wanted, report, signal) {
      const usable = seats.filter((seat) => mayAnswer(seat, wanted.backend))
      if (wanted.backend === 'cloud' && usable.length === 0)
        return { ok: false, fault: fault('cloud.off'), skipped: [] }
      const ranked = () =>
        rank<Seat>(
          [...seats, ...idleEngine()].filter((seat) => mayAnswer(seat, wanted.backend)),
          wanted.models,
        )
      if (usable.some(({ seen }) => seen === null) || ranked()[0]?.seat.info.state !== 'up') {
        const stale = usable.filter(
          ({ seen, info, suspect, looking }) =>
            seen === null || looking !== null || ((suspect || info.state !== 'up') && clock.now() - seen > FRESH_MS),
        )
        await orAborted(Promise.all([watch.refreshOffer(), ...stale.map((seat) => watch.look(seat))]), signal)
      }
      let refused: FaultData | null = null
      for (const { seat, model } of ranked()) {
        if (signal.aborted) break
        const known = seats.find((known) => known === seat)
        const choice: Choice = known
          ? { ok: true, chosen: [chosenAt(known, model)], skipped: [] }
          : await start(model, report, signal)
        if (choice.ok) return choice
        refused = choice.fault
        say({ level: 'warn', text: `${seat.info.name} can not answer: ${refused.message}` })
      }
      return {
        ok: false,
        fault: refused ?? fault('model.none', { what: lookedFor(usable, wanted, idleEngine()[0]) }),
        skipped: [],
      }
    },

    async failed(endpoint, seen) {
      const there = seats.filter(({ info }) => info.name === endpoint)
      const isEngine = there.some((seat) => watch.isEngine(seat))
      for (const seat of LOOK_AGAIN.has(seen.code) ? there : []) {
        seat.suspect ||= SUSPECT.has(seen.code)
        seat.looking ??= watch.look(seat)
      }
      return isEngine && engine !== null ? asCrash(seen, engine, clock) : seen
    },

    worked: () => {},
    close: () => watch.close(),
  }
}

type Report = (phase: EventOf<'phase'>) => void

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

function lookedFor(seats: readonly WatchedSeat[], { backend }: Wanted, engine: Seat | undefined): string {
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
