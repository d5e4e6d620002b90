import type { Chosen, Continues, Model } from '../core/ports.ts'
import type { EndpointKind, ModelInfo } from '../wire/model.ts'
import { cloudModel } from './cloud.ts'
import { findWay, NO_WAY, type Way } from './continuation.ts'
import { untilIdle } from './idle.ts'
import { ollamaModel } from './ollama.ts'
import { openaiModel } from './openai.ts'
import { isOllamasCloud } from './probe-ollama.ts'
import type { WatchedSeat } from './seat.ts'
import { Unheld } from './unheld.ts'
import { Streams } from './work.ts'

/** What has been found out of the endpoints that were asked, and of how their models go on. */
export class Served {
  readonly #models = new Map<string, Model>()
  readonly #ways = new Map<string, Way>()
  readonly #unheld = new Map<string, Unheld>()
  readonly #wordy = new Set<string>()
  readonly #finding = new Map<string, Promise<Way | null>>()

  /** The model refused a turn because it had tools. */
  refusedTools(endpoint: string, model: string): void {
    this.#wordy.add(`${endpoint} ${model}`)
  }

  /** A model at a seat, ready to be asked. Its slots are those that the seat has at the moment. */
  chosen(seat: WatchedSeat, model: ModelInfo | null): Chosen {
    const { name, kind } = seat.info
    const { url, context } = seat.spec
    const called = model?.name ?? 'default'
    const streams = new Streams(seat.work)
    // A server in the house may hand on what it is given.
    const handedOn = kind === 'ollama' && isOllamasCloud(called)
    const remote = handedOn ? 'ollama.com' : seat.info.local ? null : new URL(url).host
    return {
      model: this.#model(seat, streams),
      name: called,
      endpoint: name,
      context: model?.context ?? context ?? null,
      get slots() {
        return seat.info.slots
      },
      practice: model?.practice ?? false,
      sees: model?.vision ?? null,
      calls: this.#wordy.has(`${name} ${called}`) ? false : callsOf(kind, model),
      local: remote === null,
      remote,
      bytes: model?.bytes ?? null,
      // To find out is to ask it, which costs money there.
      continues: async (signal) => (handedOn ? NO_WAY : this.#continues(seat, called, signal)),
      idle: async (signal) => {
        if (kind !== 'llama' && kind !== 'engine') return 'unknown'
        // A router wants to be told which model is meant; a server with one does not mind.
        return untilIdle(seat.spec, kind === 'llama' ? called : null, streams, signal)
      },
    }
  }

  #model(seat: WatchedSeat, streams: Streams): Model {
    const { name, kind } = seat.info
    const { url, key, cloud } = seat.spec
    const id = idOf(seat)
    const way = (model: string) => this.#ways.get(`${id} ${model}`) ?? null
    const unheld = this.#unheld.get(id) ?? new Unheld()
    this.#unheld.set(id, unheld)
    if (kind === 'llama' || kind === 'engine' || kind === 'openai' || (cloud === undefined && kind === 'cloud'))
      return openaiModel({ name, url, key, kind: kind === 'cloud' ? 'openai' : kind, way, streams, unheld })
    let model = this.#models.get(id)
    if (model === undefined) {
      model = cloud === undefined ? ollamaModel({ name, url, way, work: seat.work }) : cloudModel(cloud)
      this.#models.set(id, model)
    }
    return model
  }

  /** Who asks while it is being found out waits for the same. */
  async #continues(seat: WatchedSeat, model: string, signal: AbortSignal): Promise<Continues> {
    const id = `${idOf(seat)} ${model}`
    let way = this.#ways.get(id) ?? null
    const cut = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
    while (way === null && !signal.aborted) {
      const others = this.#finding.get(id)
      if (others === undefined) {
        way = await this.#find(seat, id, model, signal)
        break
      }
      // Theirs may be cut short, and ours goes on; or it is ours that is.
      way = await Promise.race([others, cut])
    }
    const { text, thought } = way ?? NO_WAY
    return { text, thought }
  }

  async #find(seat: WatchedSeat, id: string, model: string, signal: AbortSignal): Promise<Way | null> {
    const { kind, local } = seat.info
    const finding = findWay({ ...seat.spec, kind, local }, model, signal).finally(() => this.#finding.delete(id))
    this.#finding.set(id, finding)
    const way = await finding
    if (way !== null) this.#ways.set(id, way)
    return way
  }
}

/** PKN's own engine writes calls by a grammar, whatever the model's template knows; the cloud has them everywhere. */
const callsOf = (kind: EndpointKind, model: ModelInfo | null): boolean | null =>
  kind === 'engine' || kind === 'cloud' ? true : (model?.tools ?? null)

const idOf = ({ info, spec }: WatchedSeat): string => `${info.kind} ${info.name} ${spec.url}`
