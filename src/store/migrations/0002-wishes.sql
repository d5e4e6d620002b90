-- What a message asked for beside its agent. Runs from before asked for nothing in particular.
ALTER TABLE runs ADD COLUMN model TEXT;
ALTER TABLE runs ADD COLUMN priority TEXT NOT NULL DEFAULT 'interactive'
  CHECK (priority IN ('interactive', 'background'));
