-- How an embedding model measured a memory: a byte for each number, to be multiplied by `scale`; and how near it is to what anybody might
-- ask, in the middle and spread. `model` names the width too.
CREATE TABLE memory_vectors (
  memory TEXT NOT NULL PRIMARY KEY REFERENCES memories (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  scale REAL NOT NULL,
  middle REAL NOT NULL,
  spread REAL NOT NULL,
  v BLOB NOT NULL
) STRICT;
-- One that says something else now, or is forgotten, leaves none behind.
CREATE TRIGGER memories_unmeasured AFTER UPDATE OF text, removed ON memories
WHEN old.text <> new.text OR new.removed IS NOT NULL BEGIN
  DELETE FROM memory_vectors WHERE memory = new.id;
END;
