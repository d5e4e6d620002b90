-- A form that the answer is held to: JSON with its name and schema.
ALTER TABLE runs ADD COLUMN format TEXT;
