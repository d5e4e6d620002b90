import { z } from 'zod'
import { RunId, SessionId } from './id.ts'

// What several routes are made of.
export const text = z.string().max(4_000_000)
export const title = z.string().trim().min(1).max(200)
export const folder = z.string().trim().min(1).max(100)
/** A model by name, or endpoint/name. */
export const model = z.string().min(1).max(300)
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(200).optional(),
})
export const session = z.object({ session: SessionId })
export const run = z.object({ run: RunId })
