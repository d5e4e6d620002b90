-- Questions of runs that wait for a person. The answers of before were to questions that nobody could ask.
DROP TABLE answers;
CREATE TABLE asks (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  session TEXT NOT NULL,
  owner TEXT NOT NULL,
  call TEXT NOT NULL,
  tool TEXT NOT NULL,
  agent TEXT NOT NULL,
  -- JSON: what would be done, and by which rule it is asked.
  about TEXT NOT NULL,
  -- What "in this session" allows.
  key TEXT NOT NULL,
  asked INTEGER NOT NULL,
  expires INTEGER,
  -- JSON
  answer TEXT
) STRICT;
CREATE INDEX asks_run ON asks (run);
CREATE INDEX asks_open ON asks (owner, seq) WHERE answer IS NULL;
CREATE INDEX asks_expire ON asks (expires) WHERE answer IS NULL AND expires IS NOT NULL;

CREATE TABLE allowances (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  key TEXT NOT NULL,
  PRIMARY KEY (session, tool, key)
) STRICT, WITHOUT ROWID;

-- Outputs of tools that are too long to be told whole; their text lies in the folder of blobs.
CREATE TABLE outputs (
  id TEXT PRIMARY KEY,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  hash TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  UNIQUE (run, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX outputs_hash ON outputs (hash);

-- What files were before a tool wrote them, as blobs; null is no file.
CREATE TABLE versions (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  session TEXT NOT NULL,
  owner TEXT NOT NULL,
  call TEXT NOT NULL,
  folder TEXT NOT NULL,
  path TEXT NOT NULL,
  before TEXT,
  after TEXT,
  created INTEGER NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0 CHECK (undone IN (0, 1))
) STRICT;
CREATE INDEX versions_run ON versions (run, seq);
CREATE INDEX versions_session ON versions (session, seq);
CREATE INDEX versions_before ON versions (before) WHERE before IS NOT NULL;
CREATE INDEX versions_after ON versions (after) WHERE after IS NOT NULL;
