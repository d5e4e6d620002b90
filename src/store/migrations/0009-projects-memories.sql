-- What sessions share.
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  folder TEXT,
  instructions TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  -- When it was removed. It is deleted an hour later.
  removed INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX projects_owner ON projects (owner);
CREATE INDEX projects_removed ON projects (removed) WHERE removed IS NOT NULL;
ALTER TABLE sessions ADD COLUMN project TEXT REFERENCES projects (id) ON DELETE SET NULL;
CREATE INDEX sessions_project ON sessions (project, used) WHERE project IS NOT NULL;

-- Facts. `project` null reaches everywhere; `by` is JSON.
CREATE TABLE memories (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL,
  project TEXT REFERENCES projects (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  always INTEGER NOT NULL CHECK (always IN (0, 1)),
  by TEXT NOT NULL,
  created INTEGER NOT NULL,
  updated INTEGER NOT NULL,
  used INTEGER NOT NULL DEFAULT 0,
  last_used INTEGER,
  removed INTEGER
) STRICT;
CREATE INDEX memories_owner ON memories (owner, seq) WHERE removed IS NULL;
CREATE INDEX memories_same ON memories (owner, substr(text, 1, 40)) WHERE removed IS NULL;
CREATE INDEX memories_always ON memories (owner, seq) WHERE removed IS NULL AND always = 1;
CREATE INDEX memories_project ON memories (project) WHERE project IS NOT NULL;
CREATE INDEX memories_removed ON memories (removed) WHERE removed IS NOT NULL;
CREATE VIRTUAL TABLE memory_words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
CREATE TRIGGER memories_made AFTER INSERT ON memories BEGIN
  INSERT INTO memory_words (rowid, text) VALUES (new.seq, new.text);
END;
CREATE TRIGGER memories_said AFTER UPDATE OF text ON memories WHEN old.text <> new.text BEGIN
  UPDATE memory_words SET text = new.text WHERE rowid = new.seq;
END;
CREATE TRIGGER memories_gone AFTER DELETE ON memories BEGIN
  DELETE FROM memory_words WHERE rowid = old.seq;
END;
-- Which run was told what, so that it counts once.
CREATE TABLE told (
  run TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  memory TEXT NOT NULL REFERENCES memories (id) ON DELETE CASCADE,
  PRIMARY KEY (run, memory)
) STRICT, WITHOUT ROWID;
CREATE INDEX told_memory ON told (memory);

CREATE TABLE snippets (
  owner TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (owner, name)
) STRICT, WITHOUT ROWID;

-- Messages that a person gave to another agent than the router had chosen. Their texts stay where they are.
CREATE TABLE lessons (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  message TEXT NOT NULL UNIQUE REFERENCES messages (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  agent TEXT NOT NULL,
  instead TEXT NOT NULL,
  created INTEGER NOT NULL
) STRICT;
CREATE INDEX lessons_owner ON lessons (owner, seq);

-- Whether a plan is written and approved first.
ALTER TABLE runs ADD COLUMN plan TEXT NOT NULL DEFAULT 'never' CHECK (plan IN ('never', 'complex', 'always'));
-- The folder in which its tools work, from when they first did: what is changed about a project later is nothing to it.
ALTER TABLE runs ADD COLUMN folder TEXT;
