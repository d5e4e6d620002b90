import { z } from 'zod'
import type { Format } from '../wire/message.ts'

/** What tells a model of the form, beside what its backend may hold it to. */
export const formWords = ({ schema }: Format): string =>
  `Answer with one JSON object of this schema, and nothing else: ${JSON.stringify(schema)}`

/** What is wrong with an answer that was to be of this form; null if nothing is. */
export function misformed(answer: string, { name, schema }: Format): string | null {
  const json = jsonOf(answer)
  if (json === undefined) return `The answer is not of the form "${name}": it is no JSON.`
  const parsed = schemaOf(schema)?.safeParse(json)
  if (parsed?.success !== false) return null
  const [issue] = parsed.error.issues
  return `The answer is not of the form "${name}": ${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'does not fit'}.`
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Null for a schema that can't be checked by. */
function schemaOf(schema: Format['schema']): z.ZodType | null {
  try {
    // It is JSON; what of it is no JSON schema throws.
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
  } catch {
    return null
  }
}
