-- What an answer was told beside the chat, in short: JSON with the memories' ids and the passages' places. NULL where only the log knows it.
ALTER TABLE messages ADD COLUMN recalled TEXT;
