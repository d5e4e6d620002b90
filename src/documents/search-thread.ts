import type { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { OwnerId, SourceId } from '../wire/id.ts'
import type { Passage } from '../wire/recall.ts'
import { fuse } from './fuse.ts'
import { isDamage, readIndex } from './index-file.ts'
import { meaningSearch } from './search-meaning.ts'
import { rowReader, wordSearch, type Reach } from './search-words.ts'

// The other end of searcher.ts: what is asked of the index is answered here, so that nothing waits for it but who asked.

export type Question =
  | { type: 'find'; reach: Reach; text: string; vector: Float32Array | null; most: number }
  | { type: 'read'; owner: OwnerId; source: SourceId; path: string; page: number; from: number; lines: number }
export type Text = { text: string; from: number; lines: number; total: number }
/** `damaged`: the index must be made anew. */
export type Reply = { type: 'found'; passages: Passage[] } | { type: 'text'; text: Text | null } | { type: 'damaged' }

const { path } = workerData as { path: string } // searcher.ts starts no other
let open: ReturnType<typeof opened> | null = null

parentPort?.on('message', ({ id, question }: { id: number; question: Question }) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  parentPort?.postMessage({ id, reply: answer(question) })
})

function answer(question: Question): Reply {
  try {
    open ??= opened(readIndex(path))
    return question.type === 'find' ? { type: 'found', passages: open?.find(question) ?? [] } : { type: 'text', text: open?.read(question) ?? null } // prettier-ignore
  } catch (cause) {
    if (!isDamage(cause)) throw cause
    return { type: 'damaged' }
  }
}

function opened(db: DatabaseSync | null) {
  if (db === null) return null
  db.exec(`PRAGMA cache_size = -32000; CREATE VIRTUAL TABLE temp.held USING fts5vocab(main, words, row)`)
  const byWords = wordSearch(db)
  const byMeaning = meaningSearch(db)
  const rowsOf = rowReader(db)
  const page = db.prepare(
    `SELECT t.text, t.lines FROM files f JOIN pages t ON t.file = f.id
      WHERE f.owner = ? AND f.source = ? AND f.path = ? AND t.page = ?`,
  )
  return {
    find({ reach, text, vector, most }: Extract<Question, { type: 'find' }>): Passage[] {
      // One state of the index for all that is read of it.
      db.exec('BEGIN')
      try {
        const near = vector === null ? [] : rowsOf(byMeaning(vector, reach.sources), reach)
        return fuse(byWords(text, reach), near, most).map(({ row, by }) => ({
          source: row.source,
          path: row.path,
          from: row.first,
          to: row.last,
          ...(row.page > 0 ? { page: row.page } : {}),
          text: row.text,
          by,
        }))
      } finally {
        db.exec('COMMIT')
      }
    },
    read(asked: Extract<Question, { type: 'read' }>): Text | null {
      const found = page.get(asked.owner, asked.source, asked.path, asked.page)
      if (!found) return null
      const lines = Buffer.from(found['text'] as Uint8Array)
        .toString('utf8')
        .split('\n')
      const told = lines.slice(asked.from - 1, asked.from - 1 + asked.lines)
      return { text: told.join('\n'), from: asked.from, lines: told.length, total: lines.length }
    },
  }
}
