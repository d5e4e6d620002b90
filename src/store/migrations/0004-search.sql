-- The words of messages and titles. The texts stay where they are; rowid is the place of the message, or of the session in `titles`.
CREATE VIRTUAL TABLE message_words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO message_words (rowid, text) SELECT seq, text FROM messages;
CREATE TRIGGER messages_said AFTER INSERT ON messages BEGIN
  INSERT INTO message_words (rowid, text) VALUES (new.seq, new.text);
END;
CREATE TRIGGER messages_gone AFTER DELETE ON messages BEGIN
  DELETE FROM message_words WHERE rowid = old.seq;
END;

CREATE TABLE titles (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  session TEXT NOT NULL UNIQUE REFERENCES sessions (id) ON DELETE CASCADE
) STRICT;
CREATE VIRTUAL TABLE title_words USING fts5 (
  text, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');
INSERT INTO titles (session) SELECT id FROM sessions ORDER BY created;
INSERT INTO title_words (rowid, text) SELECT t.seq, s.title FROM titles t JOIN sessions s ON s.id = t.session;
CREATE TRIGGER sessions_begun AFTER INSERT ON sessions BEGIN
  INSERT INTO titles (session) VALUES (new.id);
  INSERT INTO title_words (rowid, text) SELECT seq, new.title FROM titles WHERE session = new.id;
END;
CREATE TRIGGER sessions_titled AFTER UPDATE OF title ON sessions WHEN old.title <> new.title BEGIN
  UPDATE title_words SET text = new.title WHERE rowid = (SELECT seq FROM titles WHERE session = new.id);
END;
CREATE TRIGGER titles_gone AFTER DELETE ON titles BEGIN
  DELETE FROM title_words WHERE rowid = old.seq;
END;
