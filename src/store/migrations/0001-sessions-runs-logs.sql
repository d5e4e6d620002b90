CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  title TEXT NOT NULL,
  named INTEGER NOT NULL CHECK (named IN (0, 1)),
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  used INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_used ON sessions (owner, used);

CREATE TABLE runs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  message TEXT NOT NULL,
  agent TEXT,
  backend TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'ended')),
  reason TEXT,
  head INTEGER NOT NULL DEFAULT 0,
  epoch INTEGER NOT NULL DEFAULT 0,
  cancel INTEGER NOT NULL DEFAULT 0 CHECK (cancel IN (0, 1)),
  worker TEXT,
  lease INTEGER NOT NULL DEFAULT 0,
  -- 1: the lease was given by the process that held the lock file, so it is void once another holds it.
  keeper INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL,
  CHECK ((state = 'ended') = (reason IS NOT NULL))
) STRICT;
CREATE INDEX runs_session ON runs (session);
CREATE INDEX runs_open ON runs (seq) WHERE state <> 'ended';
CREATE INDEX runs_turn ON runs (session, seq) WHERE state <> 'ended';

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  text TEXT NOT NULL,
  created INTEGER NOT NULL,
  agent TEXT,
  model TEXT,
  reason TEXT,
  fault TEXT
) STRICT;
CREATE INDEX messages_session ON messages (session, seq);
CREATE INDEX messages_run ON messages (run);

-- A row is a batch of log entries that became durable together. By its last offset, so that what follows an offset is one range.
CREATE TABLE chunks (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  last INTEGER NOT NULL,
  first INTEGER NOT NULL CHECK (first > 0 AND first <= last),
  epoch INTEGER NOT NULL,
  owner TEXT NOT NULL,
  entries TEXT NOT NULL,
  PRIMARY KEY (run, last)
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  ask TEXT PRIMARY KEY,
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  allow INTEGER NOT NULL CHECK (allow IN (0, 1)),
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answers_run ON answers (run);
