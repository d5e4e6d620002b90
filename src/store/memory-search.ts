import type { Disk } from './memory-disk.ts'
import type { FoundRow, SearchReads } from './search.ts'
import { wordsOf } from './words.ts'

type Document = { row: FoundRow; place: number; text: string }

export function memorySearch(disk: Disk): SearchReads {
  const titles = (owner: string): Document[] =>
    [...disk.sessions.values()]
      .filter((s) => s.owner === owner && s.removed === null && s.parent === null)
      .map((s) => ({
        row: { session: s.id, title: s.title, message: null, run: null, role: null, text: s.title, created: s.created },
        place: s.used,
        text: s.title,
      }))
  const messages = (owner: string): Document[] =>
    [...disk.messages.values()].flatMap((m): Document[] => {
      const session = disk.sessions.get(m.session)
      if (m.owner !== owner || session === undefined || session.removed !== null || session.parent !== null) return []
      const { run, role, text, created } = m
      const row = { session: session.id, title: session.title, message: m.id, run, role, text, created }
      return [{ row, place: m.seq, text }]
    })
  return {
    foundTitles: (owner, words, limit, offset) => ranked(titles(owner), words).slice(offset, offset + limit),
    foundMessages: (owner, words, limit, offset) => ranked(messages(owner), words).slice(offset, offset + limit),
    countTitles: (owner, words) => ranked(titles(owner), words).length,
  }
}

/** By Okapi BM25, as SQLite does: often and in a short text is better, rare words count more. */
function ranked(all: readonly Document[], words: readonly string[]): FoundRow[] {
  const counted = all.map((document) => {
    const said = wordsOf(document.text)
    return { document, length: said.length, times: words.map((w) => said.filter((s) => s.startsWith(w)).length) }
  })
  const mean = counted.reduce((sum, { length }) => sum + length, 0) / Math.max(1, counted.length)
  const weights = words.map((_, i) => {
    const holding = counted.filter(({ times }) => times[i]! > 0).length
    return Math.max(1e-6, Math.log((counted.length - holding + 0.5) / (holding + 0.5)))
  })
  return counted
    .filter(({ times }) => times.every((n) => n > 0))
    .map(({ document, length, times }) => ({
      document,
      score: times.reduce(
        (sum, n, i) => sum + (weights[i]! * n * 2.2) / (n + 1.2 * (0.25 + (0.75 * length) / mean)),
        0,
      ),
    }))
    .sort((a, b) => b.score - a.score || b.document.place - a.document.place)
    .map(({ document }) => document.row)
}
