-- What the column means stands in ../sqlite/0011.sql.
ALTER TABLE referred ADD COLUMN goes_on_from TEXT NOT NULL DEFAULT '';
