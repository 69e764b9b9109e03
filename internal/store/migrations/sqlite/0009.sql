-- A statement has its id from its birth on, and a number, by which people know
-- it, from its release on: numbers rise in the order readers see.
ALTER TABLE statements ADD COLUMN number INTEGER;
UPDATE statements SET number = id WHERE released;
CREATE UNIQUE INDEX statements_number ON statements (number);

-- Rises with every change of a statement.
ALTER TABLE statements ADD COLUMN changed INTEGER NOT NULL DEFAULT 0;
UPDATE statements SET changed = id;
CREATE INDEX statements_changed ON statements (changed);
