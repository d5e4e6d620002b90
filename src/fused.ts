export type By = 'words' | 'meaning'
type Fused<T> = { row: T; by: By[] }

const K = 60

/**
 * One list of two, by reciprocal rank: each list gives a row 1 / (60 + its place), so that what both know comes first and no score of one must
 * be compared with a score of the other. Of equals that come `before` another, these do; else the one that words found. Cormack, Clarke and
 * Büttcher, "Reciprocal Rank Fusion outperforms Condorcet and individual Rank Learning Methods" (SIGIR 2009).
 */
export function fused<T extends { id: string | number }>(
  lists: Readonly<Record<By, readonly T[]>>,
  before: (a: T, b: T) => number = () => 0,
): Fused<T>[] {
  const all = new Map<T['id'], Fused<T> & { score: number }>()
  for (const by of ['words', 'meaning'] as const)
    for (const [place, row] of lists[by].entries()) {
      const found = all.get(row.id) ?? { row, by: [], score: 0 }
      found.by.push(by)
      found.score += 1 / (K + place + 1)
      all.set(row.id, found)
    }
  return [...all.values()].toSorted((a, b) => b.score - a.score || before(a.row, b.row))
}
