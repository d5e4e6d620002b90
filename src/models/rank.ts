import type { EndpointInfo, ModelInfo } from '../wire/model.ts'
import { fulfils, isNamed, parseWish, type Wish } from './wish.ts'

/** An endpoint as it stands in the choice. */
export type Seat = {
  readonly origin: 'configured' | 'usual' | 'engine'
  readonly info: EndpointInfo
  /** What it offers, or offered when it was last there. */
  readonly known: readonly ModelInfo[]
  /** Why it can't be asked, though it may look well; null if it can. */
  readonly trouble: Trouble | null
  /** Why it could not load a model of its, by name. */
  readonly broken?: ReadonlyMap<string, string>
}
export type Trouble = {
  why: string
  /** `last`: to be asked only if nothing else can be; `failed`: after all that did not fail, save the practice model; `out`: not at all. */
  kind: 'failed' | 'last' | 'out'
}
/** `model` is null for a seat that does not tell its models now. `tier` is the place of the first wish that it fulfils. */
export type Candidate<S extends Seat = Seat> = {
  seat: S
  model: ModelInfo | null
  tier: number
  place: number
  /** Of the seat, or of this model there. */
  trouble: Trouble | null
}

export const wishesOf = (models: readonly string[]): Wish[] => models.map(parseWish)

/**
 * What could answer, by preference, whatever state it is in (`place` is the index in this order): what fulfils the first wish, then the
 * second; then what the user configured, llama.cpp, Ollama, the engine, each in its order; what is up before what still loads, and that before
 * what must be started first. The practice model comes after every real one. Only seats that may be used belong in here.
 */
export function byPreference<S extends Seat>(
  seats: readonly S[],
  wishes: readonly Wish[],
  mayNotBe: (seat: S, model: ModelInfo | null, wish: Wish | null) => boolean = () => false,
  pictures = false,
  named?: string | null,
): Candidate<S>[] {
  const all = seats.flatMap((seat) =>
    offersOf(seat).flatMap((model): Candidate<S>[] => {
      const fulfilled = (wish: Wish) => model !== null && fulfils(model, wish) && !mayNotBe(seat, model, wish)
      const first = wishes.findIndex(fulfilled)
      if (first === -1 && mayNotBe(seat, model, null)) return []
      const why = model === null || (named != null && isNamed(model, named)) ? null : seat.broken?.get(model.name)
      const ofSeat = seat.trouble?.kind === 'failed' ? null : seat.trouble
      const trouble = ofSeat ?? (why == null ? seat.trouble : ({ kind: 'last', why } as const))
      return [{ seat, model, tier: first === -1 ? wishes.length : first, place: 0, trouble }]
    }),
  )
  const keys = ({ seat, model, tier }: Candidate<S>): number[] => [
    pictures ? blindness(model?.vision ?? null) : 0,
    tier,
    model?.practice ? 1 : 0,
    seat.trouble ? 0 : READY[seat.info.state],
    originOf(seat),
  ]
  const placed = all.map((candidate) => ({ candidate, at: keys(candidate) }))
  placed.sort((a, b) => a.at.map((n, i) => n - b.at[i]!).find((n) => n !== 0) ?? 0) // stable: equal ones keep their order
  return placed.map(({ candidate }, place) => ({ ...candidate, place }))
}

/** Those that can be asked, in the order in which they are: what is well, what failed in this step, the practice model, what always fails. */
export function byWorth<S extends Seat>(ranked: readonly Candidate<S>[], wishes: number): Candidate<S>[] {
  const worth = (candidate: Candidate<S>) => worthOf(candidate, wishes)
  return ranked.filter(({ trouble }) => trouble?.kind !== 'out').sort((a, b) => worth(a) - worth(b))
}
export function worthOf({ trouble, model, tier }: Candidate, wishes: number): number {
  if (trouble?.kind === 'last') return 3
  if (model?.practice && tier === wishes) return 2
  return trouble === null ? 0 : 1
}

const blindness = (sees: boolean | null): number => (sees === null ? 1 : sees ? 0 : 2)

/** What is busy is as good as what is up: it is waited for, visibly. */
const READY = { up: 0, busy: 0, loading: 1, idle: 2, down: 3 } as const

function offersOf({ info, known }: Seat): (ModelInfo | null)[] {
  const chatty = (info.state === 'down' ? known : info.models).filter(({ name }) => !NO_CHAT.test(name))
  return chatty.length === 0 && (info.state === 'loading' || info.state === 'down') ? [null] : chatty
}

/** What /models lists beside models that can talk. */
const NO_CHAT = /embed|rerank|whisper|\btts\b|dall-e|moderation|transcribe|gpt-image|realtime|\bbge-/i

function originOf({ origin, info }: Seat): number {
  if (origin === 'configured') return 0
  if (origin === 'engine') return 3
  return info.kind === 'ollama' ? 2 : 1
}
