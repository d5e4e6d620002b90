import type { MemoryRow } from './mind-rows.ts'
import { asked, wordsOf } from './words.ts'

/** With what a word of a memory may begin for it to be looked at. */
export const beginningsOf = (text: string): string[] => asked(text)

/** Those of them that fit a text, best first. `all` is how many there are. */
export function fitting(text: string, rows: readonly MemoryRow[], _all: number): MemoryRow[] {
  const words = asked(text)
  const score = (row: MemoryRow) => {
    const said = wordsOf(row.text)
    return words.filter((word) => said.some((one) => one.startsWith(word))).length
  }
  return rows
    .map((row) => ({ row, score: score(row) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || b.row.seq - a.row.seq)
    .map(({ row }) => row)
}
