import { mkdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** Changes with the tables and with what a term or a passage is: another one's index is made anew. */
const VERSION = 1
export const indexPath = (home: string): string => join(home, 'cache', 'documents.db')

/** `words` holds terms and no text: what is found is shown from `pages`. */
const SCHEMA = `
  CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE looked (source TEXT PRIMARY KEY, owner TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE files (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, source TEXT NOT NULL, path TEXT NOT NULL,
    size REAL NOT NULL, mtime REAL NOT NULL, hash TEXT, why TEXT, odd INTEGER NOT NULL DEFAULT 0, UNIQUE (source, path));
  CREATE TABLE pages (file INTEGER NOT NULL, page INTEGER NOT NULL, text BLOB NOT NULL, lines INTEGER NOT NULL, UNIQUE (file, page));
  CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL, source TEXT NOT NULL, file INTEGER NOT NULL, page INTEGER NOT NULL,
    first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL, bytes INTEGER NOT NULL, trail TEXT NOT NULL, digest TEXT NOT NULL);
  CREATE INDEX passages_file ON passages (file);
  CREATE INDEX passages_source ON passages (source);
  CREATE VIRTUAL TABLE words USING fts5(path, trail, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
  INSERT INTO words (words, rank) VALUES ('rank', 'bm25(0.5, 1.0, 1.0)');
  CREATE TABLE vectors (seq INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL UNIQUE, source TEXT NOT NULL, scale REAL NOT NULL, v BLOB NOT NULL);
  CREATE INDEX vectors_source ON vectors (source);
  PRAGMA user_version = ${VERSION};`

/** To be written by one process. What is damaged, or of another version, is made anew: all of it comes from the documents. */
export function openIndex(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    return opened(path)
  } catch (cause) {
    if (!isDamage(cause) && !(cause instanceof OtherVersion)) throw cause
    removeIndex(path)
    return opened(path)
  }
}

/** For those who only look; null where there is none yet, or one of another version. */
export function readIndex(path: string): DatabaseSync | null {
  try {
    const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 })
    if (versionOf(db) === VERSION) return db
    db.close()
    return null
  } catch (cause) {
    if (isDamage(cause)) throw cause
    return null
  }
}

export function removeIndex(path: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${path}${end}`, { force: true })
}

/** SQLITE_CORRUPT and SQLITE_NOTADB, of whatever kind. */
export function isDamage(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && [11, 26].includes(Number(cause.errcode) & 255)
}

class OtherVersion extends Error {}

function opened(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: 10_000 })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16000')
    const version = versionOf(db)
    if (version === 0) db.exec(`BEGIN; ${SCHEMA} COMMIT`)
    else if (version !== VERSION) throw new OtherVersion()
    db.prepare('SELECT count(*) FROM looked').get()
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

const versionOf = (db: DatabaseSync): number => Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0)
