import type { Recalled } from './recall.ts'

type Numbered = Recalled['passages'][number]

/** What a run looked up, each passage and memory once. */
export function lookedUp(recalls: readonly Recalled[]): Recalled {
  const memories = new Map(
    recalls.flatMap((recall) => recall.memories.map((memory) => [memory.memory, memory] as const)),
  )
  const passages = new Map(recalls.flatMap((recall) => recall.passages.map((passage) => [passage.n, passage] as const)))
  return { memories: [...memories.values()], passages: [...passages.values()].toSorted((a, b) => a.n - b.n) }
}

const CODE = /(`{3,}|~{3,})[\s\S]*?(?:\1|$)|`[^`\n]+`/g
const CITE = /\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\](?!\()/g

/** Those of them that an answer cites, by number. Code cites nothing. */
export function citedOf(text: string, recalls: readonly Recalled[]): Numbered[] {
  const { passages } = lookedUp(recalls)
  if (passages.length === 0) return []
  const numbers = new Set(
    [...text.replaceAll(CODE, ' ').matchAll(CITE)].flatMap(([, list = '']) => list.split(/[,;]/).map(Number)),
  )
  return passages.filter(({ n }) => numbers.has(n))
}

/** Where a passage stands: docs/x.md:10-24. */
export function placeOf({ path, from, to, page }: Numbered): string {
  const lines = from === to ? `${from}` : `${from}-${to}`
  return `${path === '' ? 'document' : path}:${lines}${page === undefined ? '' : ` (page ${page})`}`
}

/** Whether its meaning alone is why it was found. */
export const isMeant = ({ by }: { by?: readonly string[] | undefined }): boolean =>
  by?.includes('meaning') === true && !by.includes('words')

/** "2 memories (1 by meaning), 3 passages", or null where nothing was looked up. */
export function countsOf(recalls: readonly Recalled[]): string | null {
  const { memories, passages } = lookedUp(recalls)
  const count = (all: readonly { by?: readonly string[] | undefined }[], one: string, many: string) => {
    const meant = all.filter(isMeant).length
    const how = meant === 0 ? '' : ` (${meant === all.length ? '' : `${meant} `}by meaning)`
    return all.length === 0 ? [] : [`${all.length} ${all.length === 1 ? one : many}${how}`]
  }
  const told = [
    ...count(memories, 'memory', 'memories'),
    ...count(passages, 'passage of documents', 'passages of documents'),
  ]
  return told.length === 0 ? null : told.join(', ')
}
