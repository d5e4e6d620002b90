import { z } from 'zod'
import { RunId, SessionId } from './id.ts'

/** Half a character (a lone surrogate) can't be stored, so that it would be another text when it comes again. */
const words = () => z.string().overwrite((text) => text.toWellFormed())

// What several routes are made of.
export const text = words().max(4_000_000)
export const title = words().trim().min(1).max(200)
export const folder = words().trim().min(1).max(100)
/** A model by name, or endpoint/name. */
export const model = words().min(1).max(300)
export const page = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().max(200).optional(),
})
export const session = z.object({ session: SessionId })
export const run = z.object({ run: RunId })
