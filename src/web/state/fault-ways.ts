import type { FaultCode, FaultData } from '../../wire/fault.ts'
import type { EndpointInfo, ModelInfo } from '../../wire/model.ts'
import type { ServiceToStart } from '../../wire/shelf-routes.ts'
import { hostOf, wishFor } from './model-line.ts'

/** What the page can do about a fault. `model` null leaves the choice to PKN. */
export type Way =
  | { do: 'again' | 'continue' | 'replan' | 'shorten' | 'get' | 'models' | 'new' | 'trace' | 'reload' }
  | { do: 'ask'; model: string | null; name: string | null; engine: boolean }
  | { do: 'start'; service: ServiceToStart; name: string }
  | { do: 'copy'; command: string }

type Idea = Exclude<Way['do'], 'ask' | 'copy'> | 'engine' | 'other' | 'larger' | 'seeing' | 'here' | 'key' | 'doctor'

const AGAIN = ['again'] as const
const OTHER = ['other', 'again', 'models'] as const
const CUT = ['continue', 'again', 'other'] as const
const AWAY = ['start', 'engine', 'other', 'again'] as const
const NEITHER: readonly Idea[] = []

/** The likeliest first. The first that is possible is the button that stands out. */
const IDEAS: Partial<Record<FaultCode, readonly Idea[]>> = {
  'session.missing': ['new'],
  'run.missing': ['new'],
  'run.open': AGAIN,
  'run.empty': AGAIN,
  'model.none': ['start', 'get', 'again'],
  'model.blind': ['seeing', 'get'],
  'model.broken': OTHER,
  'model.missing': OTHER,
  'agent.missing': AGAIN,
  'cloud.off': ['here', 'other'],
  'cloud.keyless': ['here', 'key', 'other', 'again'],
  'engine.unreachable': AWAY,
  'engine.refused': ['key', 'here', 'other', 'again'],
  'engine.busy': ['again', 'other'],
  'engine.error': ['again', 'other'],
  'engine.garbled': ['other', 'again'],
  'engine.cut': CUT,
  'engine.crashed': CUT,
  'engine.failed': ['other', 'again', 'doctor'],
  'service.failed': ['engine', 'get'],
  'watch.connect': AWAY,
  'watch.silent': ['again', 'other', 'engine'],
  'watch.stalled': CUT,
  'context.full': ['larger', 'shorten', 'new'],
  'request.large': ['shorten'],
  'plan.refused': ['replan', 'again'],
  'tool.missing': AGAIN,
  'tool.failed': ['again', 'trace'],
  'tool.interrupted': ['trace', 'again'],
  'steps.many': ['again', 'trace'],
  'run.interrupted': CUT,
  'disk.full': ['models', 'again'],
  'shelf.unwritable': ['again', 'doctor'],
  'store.failed': ['again', 'doctor'],
  'server.stopping': AGAIN,
  'server.bug': AGAIN,
  'host.refused': NEITHER,
  'origin.refused': ['reload'],
  'route.missing': ['reload'],
}

export type FaultPlace = {
  endpoints: readonly EndpointInfo[]
  models: readonly ModelInfo[]
  /** What answers if nothing else is asked for, and what was asked. */
  usual: string | null
  asked: string | null
  /** The same can be tried again; another model can be asked; what was said so far can be gone on with; the message can be written anew. */
  again: boolean
  ask: boolean
  continues: boolean
  shorten: boolean
}

/** What can be done about a fault here and now, the best first; at most three. */
export function waysOut(fault: FaultData, place: FaultPlace): Way[] {
  const ideas = IDEAS[fault.code] ?? (fault.retry ? AGAIN : NEITHER)
  const ways = ideas.flatMap((idea) => wayOf(idea, fault, place) ?? [])
  const distinct = ways.filter((way, i) => ways.findIndex((each) => same(each, way)) === i)
  // The same again can be asked for wherever it makes sense at all.
  if (place.again && distinct.length === 0) distinct.push({ do: 'again' })
  return distinct.slice(0, 3)
}

const same = (a: Way, b: Way): boolean => JSON.stringify(a) === JSON.stringify(b)

function wayOf(idea: Idea, { details = {} }: FaultData, place: FaultPlace): Way | null {
  const failed = typeof details['endpoint'] === 'string' ? details['endpoint'] : null
  const endpoint = place.endpoints.find(({ name }) => name === failed)
  const there = place.models.filter((model) => !model.practice && !isDown(model.endpoint, place))
  const others = there.filter((model) => model.endpoint !== failed || model.name !== (details['model'] ?? place.asked))
  // Nothing leaves the machine because of a button that says no word about it.
  const local = others.filter((model) => isLocal(model.endpoint, place))
  const elsewhere = local.filter((model) => model.endpoint !== failed)
  switch (idea) {
    case 'again':
      return place.again ? { do: 'again' } : null
    case 'continue':
      return place.continues ? { do: 'continue' } : null
    case 'replan':
      return place.ask ? { do: 'replan' } : null
    case 'shorten':
      return place.shorten ? { do: 'shorten' } : null
    case 'get':
    case 'models':
    case 'new':
    case 'trace':
    case 'reload':
      return { do: idea }
    case 'start':
      return startOf(endpoint, place)
    case 'engine':
      return failed === 'engine'
        ? null
        : asking(
            elsewhere.find(({ endpoint: at }) => kindOf(at, place) === 'engine'),
            place,
          )
    case 'other':
      return asking(elsewhere.find(({ name }) => name === place.usual) ?? elsewhere[0] ?? local[0], place)
    case 'larger': {
      const [most] = local.filter((m) => (m.context ?? 0) > Number(details['context'] ?? 0)).sort(byContext)
      return asking(most, place)
    }
    case 'seeing':
      return asking(
        local.find(({ vision }) => vision === true),
        place,
      )
    case 'here':
      return place.ask && local.length > 0 ? { do: 'ask', model: null, name: null, engine: false } : null
    case 'key': {
      const provider = details['provider'] ?? (endpoint?.kind === 'cloud' ? endpoint.name : null)
      return provider === null ? null : { do: 'copy', command: `./pkn config key ${String(provider)}` }
    }
    case 'doctor':
      return { do: 'copy', command: './pkn doctor' }
  }
}

const byContext = (a: ModelInfo, b: ModelInfo): number => (b.context ?? 0) - (a.context ?? 0)

function asking(model: ModelInfo | undefined, place: FaultPlace): Way | null {
  if (model === undefined || !place.ask) return null
  return { do: 'ask', model: wishFor(model), name: model.name, engine: kindOf(model.endpoint, place) === 'engine' }
}

/** The server of models that can be started here: the one that failed, or one that was looked for in vain. */
function startOf(endpoint: EndpointInfo | undefined, { endpoints }: FaultPlace): Way | null {
  const down = endpoint === undefined ? endpoints.filter(({ lookedFor }) => lookedFor !== true) : [endpoint]
  for (const each of down) {
    const service = canStart(each)
    if (service !== null && each.state === 'down') return { do: 'start', service, name: nameOf(service) }
  }
  return null
}

export const nameOf = (service: ServiceToStart): string => (service === 'ollama' ? 'Ollama' : 'llama.cpp')

/** What would start it, if it belongs on this machine. */
export function canStart({ kind, url }: Pick<EndpointInfo, 'kind' | 'url'>): ServiceToStart | null {
  if (kind !== 'ollama' && kind !== 'llama') return null
  // PKN starts llama.cpp on this port, and on no other.
  if (kind === 'llama' && !hostOf(url).endsWith(':8000')) return null
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(hostOf(url)) ? kind : null
}

const kindOf = (name: string, { endpoints }: FaultPlace) => endpoints.find((each) => each.name === name)?.kind
const isLocal = (name: string, { endpoints }: FaultPlace) =>
  endpoints.find((each) => each.name === name)?.local !== false
const isDown = (name: string, { endpoints }: FaultPlace) =>
  endpoints.find((each) => each.name === name)?.state === 'down'
