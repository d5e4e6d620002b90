-- Which tools an answer called, in short: JSON with the tools' names and how often. NULL where only the log knows it.
ALTER TABLE messages ADD COLUMN did TEXT;
