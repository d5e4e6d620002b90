import type { EndpointInfo, ModelInfo } from '../wire/model.ts'

/** An endpoint as it stands in the choice. A suspect failed and was not seen well since. */
export type Seat = {
  readonly origin: 'configured' | 'usual' | 'engine'
  readonly info: EndpointInfo
  readonly suspect: boolean
}
export type Candidate<S extends Seat = Seat> = { seat: S; model: ModelInfo | null }

/**
 * What could answer, best first: the models that are named, in their order; then what the user configured, llama.cpp, Ollama, the engine,
 * each in its order; what is up before what still loads, and that before what must be started first. The practice model comes after
 * every real one. Only seats that may be used belong in here. A loading server may not tell its models yet: then `model` is null.
 */
export function rank<S extends Seat>(seats: readonly S[], names: readonly string[]): Candidate<S>[] {
  const all = seats
    .filter(({ info, suspect }) => !suspect && info.state !== 'down')
    .flatMap((seat) => offersOf(seat).map((model) => ({ seat, model })))
  const place = ({ seat, model }: Candidate<S>): number[] => {
    const named = names.findIndex((name) => model !== null && isNamed(model, name))
    return [
      named === -1 ? names.length : named,
      model?.practice ? 1 : 0,
      ['up', 'loading', 'idle', 'down'].indexOf(seat.info.state),
      originOf(seat),
    ]
  }
  const placed = all.map((candidate) => ({ candidate, at: place(candidate) }))
  placed.sort((a, b) => a.at.map((n, i) => n - b.at[i]!).find((n) => n !== 0) ?? 0) // stable: equal ones keep their order
  return placed.map(({ candidate }) => candidate)
}

/** The public may only be asked where the user named it, and for a wish of `cloud`; a wish of `local` stays in the house. */
export const mayAnswer = ({ origin, info }: Seat, backend: 'local' | 'cloud'): boolean =>
  backend === 'local' ? info.local : !info.local && origin === 'configured'

function offersOf({ info }: Seat): (ModelInfo | null)[] {
  const chatty = info.models.filter(({ name }) => !NO_CHAT.test(name))
  return chatty.length === 0 && info.state === 'loading' ? [null] : chatty
}

/** What /models lists beside models that can talk. */
const NO_CHAT = /embed|rerank|whisper|\btts\b|dall-e|moderation|transcribe|gpt-image|realtime|\bbge-/i

function isNamed({ name, endpoint }: ModelInfo, wish: string): boolean {
  return name === wish || name === `${wish}:latest` || `${endpoint}/${name}` === wish
}
function originOf({ origin, info }: Seat): number {
  if (origin === 'configured') return 0
  if (origin === 'engine') return 3
  return info.kind === 'ollama' ? 2 : 1
}
