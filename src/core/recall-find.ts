import type { Draft } from '../wire/fold.ts'
import type { OwnerId, ProjectId } from '../wire/id.ts'
import type { Passage, Recalled } from '../wire/recall.ts'
import type { Documents, Memories } from './mind-ports.ts'
import type { Meaning } from './meaning.ts'

const [MEMORIES, PASSAGES] = [6, 6]
/** However many are always told. */
const ALWAYS = 40
const ALWAYS_TOLD: ['always'] = ['always']

export type Sought = {
  owner: OwnerId
  project: ProjectId | null
  query: string
  /** What the run was shown before: its passages keep their numbers. */
  before: Draft['recalls']
}

/** What fits best of what is remembered and of the documents. `failed` is told what could not be looked up; the rest is there. */
export async function findRecalled(
  { owner, project, query, before }: Sought,
  from: {
    memories: Pick<Memories, 'memoriesFor'>
    documents: Pick<Documents, 'find'>
    /** Null, and memories are found by their words alone. */
    meaning: Pick<Meaning, 'question'> | null
  },
  signal: AbortSignal,
  failed: (what: 'memories' | 'documents', cause: unknown) => void,
): Promise<Recalled> {
  const none = (what: 'memories' | 'documents') => (cause: unknown) => {
    failed(what, cause)
    return null
  }
  const { meaning } = from
  const measured = meaning === null ? undefined : () => meaning.question(query, signal)
  const [known, passages] = await Promise.all([
    from.memories.memoriesFor(owner, project, query, MEMORIES, measured).catch(none('memories')),
    from.documents.find(owner, project, query, PASSAGES, signal).catch(none('documents')),
  ])
  const always = (known?.always ?? []).slice(0, ALWAYS).map(({ id, text }) => ({ memory: id, text, by: ALWAYS_TOLD }))
  const fitting = (known?.fitting ?? []).map(({ id, text, found }) => ({ memory: id, text, by: found }))
  return {
    memories: [...always, ...fitting],
    passages: numbered((passages ?? []).slice(0, PASSAGES), before),
  }
}

export const isEmpty = ({ memories, passages }: Recalled): boolean => memories.length + passages.length === 0

/** What the run was not shown before. */
export function unseen({ memories, passages }: Recalled, before: Draft['recalls']): Recalled {
  const [known, numbers] = [new Set<string>(), new Set<number>()]
  for (const recall of before) {
    for (const { memory } of recall.memories) known.add(memory)
    for (const { n } of recall.passages) numbers.add(n)
  }
  return {
    memories: memories.filter(({ memory }) => !known.has(memory)),
    passages: passages.filter(({ n }) => !numbers.has(n)),
  }
}

/** One that the run was shown keeps its number, so that what it has cited already stays true. */
function numbered(passages: readonly Passage[], before: Draft['recalls']): Recalled['passages'] {
  const shown = new Map(before.flatMap((recall) => recall.passages.map((passage) => [placeOf(passage), passage.n])))
  let last = Math.max(0, ...shown.values())
  return passages.map((passage) => ({ ...passage, n: shown.get(placeOf(passage)) ?? ++last }))
}

const placeOf = ({ source, path, page, from, to, text }: Passage): string =>
  JSON.stringify([source, path, page ?? null, from, to, text])
