import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'
import type { OwnerId, SourceId } from '../wire/id.ts'
import { cut } from './cut.ts'
import type { Summary } from './index-talk.ts'
import type { Page, Skip, Stamp } from './read-document.ts'
import { termsOf } from './terms.ts'

export type KnownFile = { id: number; path: string; size: number; mtime: number; hash: string | null }
export type Place = { owner: OwnerId; source: SourceId; path: string }
const MOST_SKIPPED = 100

/** The tables of the index, for the one process that writes them. */
export type IndexWriter = ReturnType<typeof writerOf>

export function writerOf(db: DatabaseSync) {
  const sql = {
    known: db.prepare('SELECT id, path, size, mtime, hash FROM files WHERE source = ?'),
    addFile: db.prepare(
      'INSERT INTO files (owner, source, path, size, mtime, hash, why, odd) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    stamp: db.prepare('UPDATE files SET size = ?, mtime = ? WHERE id = ?'),
    addPage: db.prepare('INSERT INTO pages (file, page, text, lines) VALUES (?, ?, ?, ?)'),
    addPassage: db.prepare(
      'INSERT INTO passages (owner, source, file, page, first, last, at, bytes, trail, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ),
    addWords: db.prepare('INSERT INTO words (rowid, path, trail, text) VALUES (?, ?, ?, ?)'),
    noWords: db.prepare('DELETE FROM words WHERE rowid IN (SELECT id FROM passages WHERE file = ?)'),
    noVectors: db.prepare('DELETE FROM vectors WHERE passage IN (SELECT id FROM passages WHERE file = ?)'),
    noPassages: db.prepare('DELETE FROM passages WHERE file = ?'),
    noPages: db.prepare('DELETE FROM pages WHERE file = ?'),
    noFile: db.prepare('DELETE FROM files WHERE id = ?'),
    sources: db.prepare('SELECT source FROM looked UNION SELECT DISTINCT source FROM files'),
    looked: db.prepare('INSERT OR REPLACE INTO looked (source, owner, at) VALUES (?, ?, ?)'),
    unlooked: db.prepare('DELETE FROM looked WHERE source = ?'),
    meta: db.prepare('SELECT value FROM meta WHERE name = ?'),
    setMeta: db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)'),
    noMeta: db.prepare('DELETE FROM meta WHERE name = ?'),
    counts: db.prepare(
      `SELECT (SELECT count(*) FROM files WHERE source = :source AND why IS NULL) AS files,
        (SELECT count(*) FROM passages WHERE source = :source) AS passages,
        (SELECT count(*) FROM vectors WHERE source = :source) AS measured,
        (SELECT at FROM looked WHERE source = :source) AS at`,
    ),
    skipped: db.prepare(
      `SELECT path, why FROM files WHERE source = ? AND why IS NOT NULL ORDER BY odd DESC, path LIMIT ${MOST_SKIPPED}`,
    ),
  }
  const remove = (file: number) => {
    for (const step of [sql.noWords, sql.noVectors, sql.noPassages, sql.noPages, sql.noFile]) step.run(file)
  }
  const meta = (name: string): string | null => {
    const value = sql.meta.get(name)?.['value']
    return typeof value === 'string' ? value : null
  }

  return {
    known: (source: SourceId) => sql.known.all(source) as KnownFile[],
    remove,
    stamp: (file: number, { size, mtime }: Stamp) => void sql.stamp.run(size, mtime, file),
    skip: ({ owner, source, path }: Place, { size, mtime }: Stamp, { why, odd }: Pick<Skip, 'why' | 'odd'>) =>
      void sql.addFile.run(owner, source, path, size, mtime, null, why, odd ? 1 : 0),
    add({ owner, source, path }: Place, { size, mtime }: Stamp, hash: string, pages: readonly Page[]) {
      const file = Number(sql.addFile.run(owner, source, path, size, mtime, hash, null, 0).lastInsertRowid)
      const where = termsOf(path).join(' ')
      for (const { page, text } of pages) {
        if (text.trim() === '') continue
        sql.addPage.run(file, page, Buffer.from(text), text.split('\n').length)
        for (const piece of cut(text, path)) {
          const terms = termsOf(piece.text)
          if (terms.length === 0) continue
          const digest = createHash('sha1').update(terms.join(' ')).digest('base64url')
          const { from, to, at, bytes, trail } = piece
          const added = sql.addPassage.run(owner, source, file, page, from, to, at, bytes, trail, digest)
          sql.addWords.run(added.lastInsertRowid, where, termsOf(trail).join(' '), terms.join(' '))
        }
      }
    },
    looked(source: SourceId, owner: OwnerId, left: readonly { path: string; why: string }[], at: number) {
      sql.looked.run(source, owner, at)
      sql.setMeta.run(`left ${source}`, JSON.stringify(left))
    },
    /** Forgets every source but these. */
    keep(sources: readonly SourceId[]) {
      for (const { source } of sql.sources.all() as { source: SourceId }[]) {
        if (sources.includes(source)) continue
        for (const { id } of sql.known.all(source) as KnownFile[]) remove(id)
        sql.unlooked.run(source)
        sql.noMeta.run(`left ${source}`)
      }
    },
    meta,
    setMeta: (name: string, value: string) => void sql.setMeta.run(name, value),
    summary(source: SourceId): Summary {
      const { files, passages, measured, at } = sql.counts.get({ source }) as {
        files: number
        passages: number
        measured: number
        at: number | null
      }
      const left = JSON.parse(meta(`left ${source}`) ?? '[]') as Summary['skipped'] // written by `looked`
      const unread = sql.skipped.all(source) as Summary['skipped']
      const skipped = [...left, ...unread].slice(0, MOST_SKIPPED).map(({ path, why }) => ({ path, why }))
      const model = meta('model')
      return {
        source,
        files,
        passages,
        skipped,
        meaning: model === null ? null : { model, done: measured },
        indexed: at,
      }
    },
  }
}
