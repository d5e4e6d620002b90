-- The session of a run that another run has handed a task to belongs to that run, and goes with it.
ALTER TABLE sessions ADD COLUMN parent TEXT REFERENCES runs (id) ON DELETE CASCADE;
CREATE INDEX sessions_parent ON sessions (parent) WHERE parent IS NOT NULL;
