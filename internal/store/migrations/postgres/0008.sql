-- What the columns mean stands in ../sqlite/0009.sql.
ALTER TABLE statements ADD COLUMN number BIGINT;
UPDATE statements SET number = id WHERE released;
CREATE UNIQUE INDEX statements_number ON statements (number);
ALTER TABLE statements ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
UPDATE statements SET changed = id;
CREATE INDEX statements_changed ON statements (changed);
