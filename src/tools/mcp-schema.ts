import { z } from 'zod'
import type { Json } from '../wire/event.ts'
import { oneLine } from './mcp-words.ts'

const MOST = { nodes: 600, depth: 10, text: 200, key: 64, bytes: 16_384 }
/** What is taken over of a schema. Patterns are left to the server: a pattern of a stranger can take for ever to try. */
const KEPT = new Set(
  (
    'type properties required items enum const anyOf oneOf allOf description default minimum maximum ' +
    'minLength maxLength minItems maxItems additionalProperties'
  ).split(' '),
)
type Schema = { [key: string]: Json }

/** A tool's input as its server describes it, bounded and without what is hidden in it; null where it is nothing that could be told to a model. */
export function readSchema(given: unknown): { schema: Schema; input: z.ZodType<Schema> } | null {
  const room = { nodes: MOST.nodes }
  const pruned = prune(given, 0, room)
  if (pruned === null || typeof pruned !== 'object' || Array.isArray(pruned) || room.nodes < 0) return null
  const schema = { ...pruned, type: 'object' }
  if (JSON.stringify(schema).length > MOST.bytes) return null
  return { schema, input: check(schema) }
}

/** `names`: the keys are names of inputs, not words of the schema. */
function prune(value: unknown, depth: number, room: { nodes: number }, names = false): Json {
  if (--room.nodes < 0 || depth > MOST.depth) return null
  if (typeof value === 'string') return oneLine(value, MOST.text)
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (Array.isArray(value)) return value.slice(0, MOST.nodes).map((one) => prune(one, depth + 1, room))
  if (typeof value !== 'object') return null
  const kept: Schema = {}
  for (const [key, inner] of Object.entries(value)) {
    if (names ? !/^[\w.$-]{1,64}$/.test(key) || key === '__proto__' : !KEPT.has(key)) continue
    if (room.nodes < 0) return null
    kept[key] = prune(inner, depth + 1, room, !names && key === 'properties')
  }
  return kept
}

/** What is cheap to check is checked here, so that a model is told at once; the server has the last word. */
function check(schema: Schema): z.ZodType<Schema> {
  const any = z.record(z.string(), z.json())
  try {
    const fitting = z.fromJSONSchema(schema)
    // It describes an object that came as JSON; its type is wider.
    return fitting as z.ZodType<Schema>
  } catch {
    return any
  }
}
