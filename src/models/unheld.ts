import type { Turn } from '../core/ports.ts'
import type { FaultData } from '../wire/fault.ts'

/** After so long a server is asked again: it may have been updated, or started with other flags. */
const FORGET_MS = 10 * 60_000
const REFUSALS = new Set([400, 422, 501])
const NAMED = /response_format|responseFormat|json_?schema|output_(?:config|format)|tool_?choice|grammar/i

/** Models that cannot be held to a form, or to a call, by a field of the request: their servers refused it. */
export class Unheld {
  readonly #until = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The turn as this model can be asked it. */
  fit(turn: Turn): Turn {
    if (!isHeld(turn) || (this.#until.get(keyOf(turn)) ?? 0) <= this.#now()) return turn
    return free(turn)
  }

  /** Without the fields the server took it. */
  learn(turn: Turn): void {
    this.#until.set(keyOf(turn), this.#now() + FORGET_MS)
  }
}

const keyOf = ({ model, must }: Turn): string => `${must === undefined ? 'format' : 'must'} ${model}`
export const isHeld = ({ format, must }: Turn): boolean => format !== undefined || must !== undefined
/** The same turn without what holds it. */
export function free(turn: Turn): Turn {
  const { format: _, must: __, ...rest } = turn
  return rest
}

/** Whether a refusal may be for what holds the turn, so that it is worth asking without. */
export const refusedHold = (turn: Turn, status: number, body: string, failure: FaultData): boolean =>
  isHeld(turn) && failure.code === 'engine.error' && (REFUSALS.has(status) || (status >= 500 && NAMED.test(body)))

/** The keywords that servers with a strict mode know; other schemas are asked for without it. */
const STRICT = new Set(['type', 'properties', 'required', 'additionalProperties', 'items', 'enum', 'const', 'anyOf', 'description', 'title', '$schema']) // prettier-ignore
/** Whether each object of a schema names and requires all its fields, and nothing is asked of them that strict modes refuse. */
export function isStrict(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return false
  const of = schema as { [key: string]: unknown }
  if (Object.keys(of).some((key) => !STRICT.has(key))) return false
  if (of['items'] !== undefined && !isStrict(of['items'])) return false
  if (of['anyOf'] !== undefined && !(Array.isArray(of['anyOf']) && of['anyOf'].every(isStrict))) return false
  if (of['type'] !== 'object') return true
  const properties = of['properties']
  if (typeof properties !== 'object' || properties === null || of['additionalProperties'] !== false) return false
  const required: unknown = of['required']
  const all = Object.entries(properties)
  return Array.isArray(required) && all.every(([key, inner]) => required.includes(key) && isStrict(inner))
}
