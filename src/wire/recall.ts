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

/** How a memory was found; `always` are told without being looked for. */
const FoundBy = z.enum(['always', 'words', 'meaning'])

/** What was looked up for one question. `n` is what a passage is cited by; it is counted through a whole run. */
export const Recalled = z.object({
  memories: z.array(z.object({ memory: MemoryId, text: z.string(), by: z.array(FoundBy).optional() })),
  passages: z.array(Passage.extend({ n: z.int().min(1) })),
})
export type Recalled = z.infer<typeof Recalled>

/** What an answer was told, without its words: which memories, and where the passages stand, in the order of their numbers. */
export const RecalledBrief = z.object({
  memories: z.array(MemoryId),
  passages: z.array(Passage.omit({ text: true, by: true }).extend({ n: z.int().min(1) })),
})
export type RecalledBrief = z.infer<typeof RecalledBrief>

const MOST_BRIEF = 100
export function briefOf(recalls: readonly Recalled[]): RecalledBrief {
  const memories = new Set(recalls.flatMap((one) => one.memories.map(({ memory }) => memory)))
  const passages = new Map(recalls.flatMap((one) => one.passages.map((passage) => [passage.n, passage] as const)))
  return {
    memories: [...memories].slice(0, MOST_BRIEF),
    passages: [...passages.values()].slice(0, MOST_BRIEF).map(({ n, source, path, from, to, page }) => ({
      n,
      source,
      path,
      from,
      to,
      ...(page === undefined ? {} : { page }),
    })),
  }
}

/** How far something reaches: into one project, or (null) everywhere. */
export const scope = ProjectId.nullable()
