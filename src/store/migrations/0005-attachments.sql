-- Files that messages bring. Their bytes lie in the folder of blobs, by their hash; names are only here.
CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  hash TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  created INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX attachments_hash ON attachments (hash);
CREATE INDEX attachments_created ON attachments (created);

-- Two messages may bring the same one: an edited message keeps what it brought.
CREATE TABLE attached (
  message TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  attachment TEXT NOT NULL REFERENCES attachments (id),
  PRIMARY KEY (message, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX attached_attachment ON attached (attachment);
CREATE TRIGGER attached_gone AFTER DELETE ON attached
  WHEN NOT EXISTS (SELECT 1 FROM attached WHERE attachment = old.attachment) BEGIN
  DELETE FROM attachments WHERE id = old.attachment;
END;
