-- A conversation is a tree: a message follows the answer of a run. What there is becomes one line.
ALTER TABLE messages ADD COLUMN after TEXT;
UPDATE messages SET after = (
    SELECT p.run FROM messages p
    WHERE p.session = messages.session AND p.seq < messages.seq AND p.role = 'user' ORDER BY p.seq DESC LIMIT 1)
  WHERE role = 'user';
CREATE INDEX messages_after ON messages (session, after, seq) WHERE role = 'user';

-- The run that this one is another version of, whether it goes on with that one's text, and the key of the request.
ALTER TABLE runs ADD COLUMN base TEXT;
ALTER TABLE runs ADD COLUMN continues INTEGER NOT NULL DEFAULT 0 CHECK (continues IN (0, 1));
ALTER TABLE runs ADD COLUMN key TEXT;
CREATE UNIQUE INDEX runs_key ON runs (owner, key) WHERE key IS NOT NULL;
CREATE INDEX runs_message ON runs (message, seq);

ALTER TABLE sessions ADD COLUMN tip TEXT;
UPDATE sessions SET tip = (
  SELECT m.run FROM messages m WHERE m.session = sessions.id AND m.role = 'user' ORDER BY m.seq DESC LIMIT 1);
ALTER TABLE sessions ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0 CHECK (pinned IN (0, 1));
ALTER TABLE sessions ADD COLUMN folder TEXT;
ALTER TABLE sessions ADD COLUMN archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1));
-- When it was removed. It is deleted an hour later.
ALTER TABLE sessions ADD COLUMN removed INTEGER;
CREATE INDEX sessions_removed ON sessions (removed) WHERE removed IS NOT NULL;

-- Each change of a session takes the next number of the feed, which never comes again, also where the newest session was deleted.
CREATE TABLE feed (one INTEGER PRIMARY KEY CHECK (one = 1), at INTEGER NOT NULL) STRICT;
INSERT INTO feed VALUES (1, 0);
ALTER TABLE sessions ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_changed ON sessions (owner, changed);
