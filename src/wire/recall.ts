import { z } from 'zod'
import { MemoryId, ProjectId, SourceId } from './id.ts'

/** A piece of a document: lines `from` to `to` of it, the first being 1. */
export const Passage = z.object({
  source: SourceId,
  /** The document, relative to its source, with `/`. */
  path: z.string(),
  from: z.int().min(1),
  to: z.int().min(1),
  /** Of a document that has pages, the first being 1; its lines are those of the page's text. */
  page: z.int().min(1).optional(),
  text: z.string(),
  /** How it was found. */
  by: z.array(z.enum(['words', 'meaning'])),
})
export type Passage = z.infer<typeof Passage>

/** What was looked up for one question. `n` is what a passage is cited by; it is counted through a whole run. */
export const Recalled = z.object({
  memories: z.array(z.object({ memory: MemoryId, text: z.string() })),
  passages: z.array(Passage.extend({ n: z.int().min(1) })),
})
export type Recalled = z.infer<typeof Recalled>

/** How far something reaches: into one project, or (null) everywhere. */
export const scope = ProjectId.nullable()
