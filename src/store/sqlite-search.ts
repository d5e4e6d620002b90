import type { DatabaseSync } from 'node:sqlite'
import { prepareAll } from './prepare.ts'
import type { FoundRow, SearchReads } from './search.ts'

/** A word that stands everywhere is ranked among its newest places only, so that no question takes long. */
const MOST_RANKED = 2000

const SEARCH = {
  titles: `SELECT s.id AS session, s.title, NULL AS message, NULL AS run, NULL AS role, s.title AS text, s.created
    FROM title_words JOIN titles t ON t.seq = title_words.rowid JOIN sessions s ON s.id = t.session
    WHERE title_words MATCH :words AND s.owner = :owner AND s.removed IS NULL AND s.parent IS NULL
    ORDER BY title_words.rank, s.used DESC LIMIT :limit OFFSET :offset`,
  countTitles: `SELECT count(*) AS n
    FROM title_words JOIN titles t ON t.seq = title_words.rowid JOIN sessions s ON s.id = t.session
    WHERE title_words MATCH :words AND s.owner = :owner AND s.removed IS NULL AND s.parent IS NULL`,
  messages: `SELECT s.id AS session, s.title, m.id AS message, m.run, m.role, m.text, m.created
    FROM (SELECT seq, score FROM (
        SELECT message_words.rowid AS seq, message_words.rank AS score
        FROM message_words JOIN messages m ON m.seq = message_words.rowid JOIN sessions s ON s.id = m.session
        WHERE message_words MATCH :words AND m.owner = :owner AND s.removed IS NULL AND s.parent IS NULL
        ORDER BY message_words.rowid DESC LIMIT ${MOST_RANKED})
      ORDER BY score, seq DESC LIMIT :limit OFFSET :offset) f
    JOIN messages m ON m.seq = f.seq JOIN sessions s ON s.id = m.session
    ORDER BY f.score, f.seq DESC`,
} as const

export function sqliteSearch(db: DatabaseSync): SearchReads {
  const sql = prepareAll(db, SEARCH)
  return {
    foundTitles: (owner, words, limit, offset) =>
      sql.titles.all({ owner, words: matching(words), limit, offset }) as FoundRow[],
    foundMessages: (owner, words, limit, offset) =>
      sql.messages.all({ owner, words: matching(words), limit, offset }) as FoundRow[],
    countTitles: (owner, words) => (sql.countTitles.get({ owner, words: matching(words) }) as { n: number }).n,
  }
}

/** Words hold letters and digits only, so nothing in them is syntax; as strings they are no operators either. */
const matching = (words: readonly string[]): string => words.map((word) => `"${word}"*`).join(' ')
