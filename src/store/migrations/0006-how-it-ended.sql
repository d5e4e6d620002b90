-- How the last step of an answer ended, and the hosts that its words went to. What was sent away before is known from the logs.
ALTER TABLE messages ADD COLUMN finish TEXT CHECK (finish IN ('stop', 'length', 'tools', 'failed'));
ALTER TABLE messages ADD COLUMN remote TEXT;
UPDATE messages SET remote = (
    SELECT group_concat(host, ', ') FROM (
      SELECT DISTINCT e.value ->> '$.event.remote' AS host
      FROM chunks c, json_each(iif(json_valid(c.entries), c.entries, '[]')) e
      WHERE c.run = messages.run AND instr(c.entries, '"remote":"') > 0 AND host IS NOT NULL))
  WHERE role = 'assistant'
    AND EXISTS (SELECT 1 FROM chunks c WHERE c.run = messages.run AND instr(c.entries, '"remote":"') > 0);

ALTER TABLE runs ADD COLUMN temperature REAL;

CREATE INDEX sessions_folder ON sessions (owner, folder, used)
  WHERE folder IS NOT NULL AND archived = 0 AND removed IS NULL;
